"""How long feeds and the API take over many papers, beside a page of 20 papers; PostgreSQL, or --sqlite.

BENCH_PAPERS says how many papers there are. Each address is asked for as a server would ask, one after the other, on a
private database that is gone afterwards; a process has shown the same papers before. The last line is JSON:
milliseconds at the middle and at the 95th of 100, bytes, and how many times those of the page.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

import django
import numpy as np
from django.core.management import call_command

from tests import servers
from tests.environment import TEST_ENVIRONMENT

PAPERS = int(os.environ.get("BENCH_PAPERS", "20000"))
ROUNDS, WARM_UP = 30, 2
FLOOR = "/search/"
ADDRESSES = (
    "/feeds/trending.atom",
    "/feeds/trending.json",
    "/feeds/category/cs.CL.atom",
    "/feeds/search.atom?q=bake",
    "/api/papers/1",
    "/api/papers?" + "&".join(f"ids={number}" for number in range(1, 101)),
    "/api/search?q=bake",
    "/api/search?q=bake&per_page=100",
)


def main(options: Sequence[str]) -> None:
    """Prepare a database, measure, print."""
    file = servers.temporary_folder(name="bench-feeds") / "bench.sqlite3"
    address = f"sqlite:///{file}" if "--sqlite" in options else servers.postgres_url()
    os.environ.update(TEST_ENVIRONMENT)
    os.environ.update({"DATABASE_URL": address, "LOG_LEVEL": "ERROR", "API_PER_MINUTE": "1000000"})
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    from digest.bench.search_fill import fill_library

    fill_library(papers=PAPERS)
    floor = measure(FLOOR)
    took = {address: measure(address) for address in ADDRESSES}
    for each in took.values():
        each["p95_to_page"] = round(each["ms_p95"] / floor["ms_p95"], 2)
    print(json.dumps({"papers": PAPERS, "page of 20": floor, **{name[:40]: each for name, each in took.items()}}))


def measure(address: str) -> dict[str, Any]:
    """Ask for one address again and again."""
    from django.test import Client

    client, took, size = Client(SERVER_NAME="localhost"), [], 0
    for _ in range(ROUNDS + WARM_UP):
        began = time.perf_counter()
        answer = client.get(address)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200, (address, answer.status_code)  # noqa: S101 - or nothing was measured
        size = len(answer.content)
    middle, high = (1000 * float(each) for each in np.percentile(took[WARM_UP:], [50, 95]))
    return {"ms_p50": round(middle, 1), "ms_p95": round(high, 1), "bytes": size}


if __name__ == "__main__":
    main(sys.argv[1:])
