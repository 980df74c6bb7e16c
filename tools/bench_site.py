"""How long the site's pages take at many requests at once, beside a page that only renders twenty rows.

gunicorn as production starts it, a private PostgreSQL, invented papers; BENCH_PAPERS says how many. Pages take turns,
so that what else the machine does meets all of them. The last line is JSON: milliseconds, and ratios of p95.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import django
from django.core.management import call_command

from digest.chaos.programs import Program, free_port
from digest.chaos.servers import Postgres
from tests.environment import TEST_ENVIRONMENT
from tools.load import Answers, Request, ask

AT_ONCE = 50
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
REQUESTS = 200  # of a page in a round
FLOOR = "floor"
COMMONEST = 20  # words that stand in every abstract are no search
Page = Callable[[int], Request]


@dataclass(slots=True, kw_only=True)
class Measured:
    """The answers of each page, round by round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, dict[int, int]] = field(default_factory=dict)

    def add(self, *, page: str, answers: Answers) -> None:
        """Add a round."""
        self.seconds.setdefault(page, []).extend(answers.seconds)
        for status, count in answers.statuses.items():
            counts = self.statuses.setdefault(page, {})
            counts[status] = counts.get(status, 0) + count


def main() -> None:
    """Prepare a database and a server, ask, print."""
    os.environ.update(TEST_ENVIRONMENT)
    os.environ.update({"DATABASE_URL": Postgres().url, "LOG_LEVEL": "WARNING", "TRUSTED_PROXIES": "1"})
    os.environ["DJANGO_SETTINGS_MODULE"] = "digest.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    bring_papers()
    site, address = start_site()
    print(json.dumps(report(measure(address=address)) | {"worker_mb": most_held_mb(site)}))


def bring_papers() -> None:
    """Insert invented papers with their identifiers; a hundred of them are trending."""
    from django.db import connection

    from digest.models import Paper, PaperIdentifier
    from digest.search.index import file_papers
    from tools.bench_preview import NOW, invented_papers
    from tools.invented import arxiv_id

    papers = list(invented_papers())
    since = datetime.now(UTC) - NOW
    for paper in papers:
        paper.first_seen_at, paper.submitted_at = paper.first_seen_at + since, paper.submitted_at + since
    papers = Paper.objects.bulk_create(papers, batch_size=1000)
    PaperIdentifier.objects.bulk_create(
        [PaperIdentifier(paper=paper, scheme="arxiv", value=arxiv_id(number)) for number, paper in enumerate(papers)],
        batch_size=1000,
    )
    Paper.objects.filter(pk__lte=papers[0].pk + 100).update(trending_score=1.0, trending_note="12 upvotes")
    file_papers(papers=papers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def start_site() -> tuple[Program, str]:
    """Start gunicorn with the site and its floor. Returns: the program, and its address."""
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], check=True)
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "tools.floor_wsgi", "--bind", address, "--access-logfile", "/dev/null"]
    site = Program(command=command, ready="Booting worker", env=dict(os.environ))
    return site, f"http://{address}"


def most_held_mb(site: Program) -> int:
    """Answer the most memory that one of gunicorn's workers has held, in megabytes."""
    parent = site.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    words = [Path(f"/proc/{child}/status").read_text("ascii").partition("VmHWM:")[2].split()[0] for child in children]
    return max(int(word) for word in words) // 2**10


def measure(*, address: str) -> Measured:
    """Ask for every page in turn, each once before its time is taken."""
    measured = Measured()
    wanted = {FLOOR: _floor, **pages(address=address)}
    for number in range(ROUNDS + 1):
        for name, page in wanted.items():
            requests = [page(number * REQUESTS + which) for which in range(REQUESTS if number else AT_ONCE)]
            answers = ask(address=address, requests=requests, at_once=AT_ONCE)
            if number:
                measured.add(page=name, answers=answers)
    return measured


def report(measured: Measured) -> dict[str, Any]:
    """Put the numbers beside their floor."""
    answers = {page: Answers(seconds=seconds) for page, seconds in measured.seconds.items()}
    floor = answers[FLOOR].percentile(95)
    return {
        page: {
            "p50_ms": round(found.percentile(50), 1),
            "p95_ms": round(found.percentile(95), 1),
            "ratio": round(found.percentile(95) / floor, 2),
            "statuses": measured.statuses[page],
        }
        for page, found in answers.items()
    }


def pages(*, address: str) -> dict[str, Page]:
    """Name the pages; no two requests of one ask for the same, where a page can be asked for more than one thing."""
    from digest.models import Paper
    from tools.bench_preview import vocabulary

    words = vocabulary()[COMMONEST:]
    ids = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
    return {
        "front": lambda _: Request(path="/"),
        "search": lambda which: Request(path=f"/search/?q={quote(words[which])}"),
        "paper": lambda which: Request(path=f"/papers/{ids[which * 7 % len(ids)]}/"),
        "preview": partial(_preview, address, words),
    }


def _floor(_: int) -> Request:
    return Request(path="/floor/")


def _preview(address: str, words: list[str], which: int) -> Request:
    """Ask as a form does whose reader has typed five words; each reader has a network of their own."""
    some = words[which % 5_000 : which % 5_000 + 5]
    body = urlencode({"keywords": "\n".join(some), "pickiness": "balanced"}).encode()
    network = f"10.{which >> 16 & 255}.{which >> 8 & 255}.{which & 255}"
    headers = (f"Origin: {address}", "HX-Request: true", f"X-Forwarded-For: {network}")
    return Request(path="/subscribe/preview/", body=body, headers=headers)


if __name__ == "__main__":
    main()
