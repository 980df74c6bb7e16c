"""How long public pages take with fifty requests at once, beside a page that only renders twenty rows.

A real gunicorn as gunicorn.conf.py says, a private PostgreSQL with a week of invented papers. BENCH_PAPERS says how
many papers there are. The last line is JSON: milliseconds, the middle and the 95th percentile, and its ratio to the
floor's.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median, quantiles
from typing import Any

import django
import httpx
from django.core.management import call_command

from tests import servers
from tests.environment import TEST_ENVIRONMENT
from tools import bench_preview

AT_ONCE = 50
REQUESTS = 400
ROWS = 20
Ask = Callable[[httpx.Client, int], httpx.Response]


def main() -> None:
    """Prepare a database, serve, ask, print."""
    os.environ.update(TEST_ENVIRONMENT)
    os.environ |= {"DATABASE_URL": servers.postgres_url(), "LOG_LEVEL": "ERROR", "STATIC_HASHED": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    bring_papers()
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "tools.bench_pages:application()"]
    site = servers.Program(command=command, ready="Booting worker", env=dict(os.environ))
    try:
        print(json.dumps(measure(address=f"http://127.0.0.1:{port}")))
    finally:
        print("\n".join(site.lines), file=sys.stderr)
        site.stop()


def application() -> Any:
    """Give the site as gunicorn serves it, with one page more: the floor."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    settings.ROOT_URLCONF = "tools.bench_pages_urls"
    return get_wsgi_application()


def bring_papers() -> None:
    """Insert a week of papers that end now, some of them trending."""
    from django.utils import timezone

    from digest.models import Paper

    now = timezone.now()
    papers = list(bench_preview.invented_papers())
    for place, paper in enumerate(papers):
        paper.first_seen_at += now - bench_preview.NOW
        paper.submitted_at += now - bench_preview.NOW
        paper.trending_score = float(place) if place < 10 * ROWS else 0.0
    Paper.objects.bulk_create(papers, batch_size=1000)


def measure(*, address: str) -> dict[str, Any]:
    """Ask for each page many times, all clients at once, once the processes are warm."""
    pages: dict[str, Ask] = {
        "floor": lambda client, _: client.get("/floor/"),
        "front": lambda client, _: client.get("/"),
        "sign_up": lambda client, _: client.get("/subscribe/"),
        "preview_again": lambda client, _: look(client, keywords="alike"),
        "preview_new": lambda client, turn: look(client, keywords=bench_preview.vocabulary()[100 + turn]),
    }
    found: dict[str, Any] = {"papers": bench_preview.PAPERS, "at_once": AT_ONCE}
    for name, ask in pages.items():
        took(address, ask, requests=AT_ONCE)
        times = took(address, ask, requests=100 if name == "preview_new" else REQUESTS)
        found[name] = {"p50": round(median(times)), "p95": round(quantiles(times, n=20)[-1])}
    return found | {"ratios": {name: round(found[name]["p95"] / found["floor"]["p95"], 1) for name in pages}}


def look(client: httpx.Client, *, keywords: str) -> httpx.Response:
    """Ask for a preview as htmx does."""
    return client.post("/subscribe/preview/", data={"keywords": keywords}, headers={"HX-Request": "true"})


def took(address: str, ask: Ask, *, requests: int) -> list[float]:
    """Ask so many times, and give the milliseconds that each answer took."""
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=0)
    with httpx.Client(base_url=address, timeout=120, limits=limits) as client, ThreadPoolExecutor(AT_ONCE) as crowd:
        return list(crowd.map(partial(timed, client, ask), range(requests)))


def timed(client: httpx.Client, ask: Ask, turn: int) -> float:
    """Time one answer, which must be a page."""
    start = time.perf_counter()
    answer = ask(client, turn)
    milliseconds = 1000 * (time.perf_counter() - start)
    answer.raise_for_status()
    return milliseconds


if __name__ == "__main__":
    main()
