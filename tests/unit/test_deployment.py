"""What an operator is told fits what the code reads: .env.example, docker-compose.yml, the start."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import digest.views.urls
import subscriptions.urls

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLE = (PROJECT / ".env.example").read_text("utf-8")
EXPLAINED = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE))
BY_OTHERS = {
    "POSTGRES_PASSWORD",  # docker-compose.yml
    "WEB_CONCURRENCY",  # gunicorn
    "FASTEMBED_CACHE_PATH",  # fastembed
    "ANYMAIL_MAILGUN_API_KEY",  # stands for all of anymail's
}


def read_by_settings() -> set[str]:
    """Find the first argument of every `env.reader("NAME", ...)` in the settings."""
    tree = ast.parse((PROJECT / "digest" / "settings.py").read_text("utf-8"))
    return {name for node in ast.walk(tree) if (name := variable_of(node))}


def variable_of(node: ast.AST) -> str:
    """Answer NAME where the node is the call `env.reader("NAME", ...)`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="env")), args=[ast.Constant(value=str(name)), *_]):
            return name
    return ""


def test_every_variable_that_settings_read_is_explained() -> None:
    assert read_by_settings() - EXPLAINED == set()


def test_every_variable_that_is_explained_is_read() -> None:
    assert EXPLAINED - read_by_settings() == BY_OTHERS


def test_every_variable_stands_below_its_explanation() -> None:
    lines = EXAMPLE.splitlines()
    variables = [number for number, line in enumerate(lines) if re.match(r"(# )?[A-Z][A-Z_]+=", line)]

    assert [lines[number] for number in variables if not re.match(r"# .*[a-z]", lines[number - 1])] == []


def test_compose_asks_for_no_variable_that_is_not_explained() -> None:
    compose = (PROJECT / "docker-compose.yml").read_text("utf-8")

    assert set(re.findall(r"\$\{([A-Z_]+)", compose)) <= EXPLAINED


def test_the_proxy_is_told_to_log_no_path_below_which_a_readers_link_stands() -> None:
    routes = [str(found.pattern) for found in (*subscriptions.urls.urlpatterns, *digest.views.urls.urlpatterns)]
    told = re.search(r"location ~ \^/\(([a-z|]+)\)/", (PROJECT / "docs" / "operations.md").read_text("utf-8"))

    assert told is not None
    assert set(told[1].split("|")) == {route.partition("/")[0] for route in routes if "<token>" in route}


def test_the_start_refuses_a_wrong_setting_in_one_line() -> None:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "tests/production.env", "SITE_URL": "papers.example.org"}

    check = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert check.returncode == 1
    assert check.stderr.startswith("manage.py: SITE_URL must be ")
    assert check.stderr.count("\n") == 1


def test_a_worker_without_redis_is_refused_in_one_line() -> None:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "tests/production.env", "REDIS_URL": " "}

    worker = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "digest", "worker"],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert worker.returncode == 1
    assert worker.stderr.splitlines()[-1].startswith("REDIS_URL is not set")
