"""Lighthouse's four scores, as on a phone, of the front page, a search, a paper and a reader's panel in the demo.

Lighthouse is npm's and lies outside the project: `npm install --prefix DIR lighthouse`, then
`python -m tools.lighthouse DIR`. The last line is JSON: scores out of 100, kilobytes sent, and what cost points.
"""

import json
import os
import re
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from digest.chaos.programs import Program, free_port, temporary_folder
from tests.servers import chromium_path

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps",
)  # fmt: skip


def main(folder: Path) -> None:
    """Start the demo, judge its pages, print."""
    home = temporary_folder(name="lighthouse")
    port = free_port()
    env = {
        **os.environ,
        "DEMO": "1",
        "ENV_FILE": os.devnull,
        "DATABASE_URL": f"sqlite:///{home / 'demo.sqlite3'}",
        "EMAIL_FILE_DIR": str(home / "outbox"),
    }
    demo = Program(command=[sys.executable, "manage.py", "demo", "--port", str(port)], ready="http://", env=env)
    address = f"http://localhost:{port}"
    try:
        found = {name: judge(folder, f"{address}{path}") for name, path in pages(address, home / "outbox").items()}
    finally:
        demo.stop()
    print(json.dumps(found))


def pages(address: str, outbox: Path) -> dict[str, str]:
    """Name the pages that are judged; the panel's link stands in a mail."""
    front = httpx.get(f"{address}/").text
    paper = re.search(r'href="(/papers/\d+/)"', front)
    assert paper, "no paper on the front page"  # noqa: S101 - or nothing is judged
    return {"front": "/", "search": "/search/?q=language+models", "paper": paper[1], "panel": _panel(outbox)}


def _panel(outbox: Path) -> str:
    for file in sorted(outbox.glob("*.eml")):
        body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
        link = body and re.search(r"https?://\S+/preferences/\S+", body.get_content())
        if link:
            return urlsplit(link[0]).path
    raise SystemExit("No mail in the demo's inbox has a link to the panel.")


def judge(folder: Path, address: str) -> dict[str, Any]:
    """Run Lighthouse on one page."""
    command = ["node", str(folder / "node_modules" / "lighthouse" / "cli" / "index.js"), address, "--quiet"]
    options = ["--output=json", f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting"]
    flags = f"--chrome-flags={' '.join(FLAGS)} --user-data-dir={temporary_folder(name='chromium')}"
    env = {**os.environ, "CHROME_PATH": chromium_path()}
    ran = subprocess.run([*command, *options, flags], env=env, capture_output=True, check=True)  # noqa: S603 - our own
    report = json.loads(ran.stdout)
    scores = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    return scores | {"kilobytes": _weight(report), "cost_points": _costs(report)}


def _weight(report: dict[str, Any]) -> float:
    items = report["audits"].get("network-requests", {}).get("details", {}).get("items", [])
    total: float = sum(item.get("transferSize", 0) for item in items)
    return round(total / 1000, 1)


def _costs(report: dict[str, Any]) -> list[str]:
    weighed = [each for name in CATEGORIES for each in report["categories"][name]["auditRefs"] if each["weight"]]
    scores = {each["id"]: report["audits"][each["id"]]["score"] for each in weighed}
    return sorted(name for name, score in scores.items() if score is not None and score < 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
