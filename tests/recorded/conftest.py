"""What tests over recordings share: the outside judge of mails."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

JudgeOfBytes = Callable[[bytes, str, str], list[str]]
DOMAIN = "papers.example.org"


@pytest.fixture(scope="session")
def judge_bytes(checks_dir: Path) -> JudgeOfBytes:
    """Ask the judge about a mail as it travels, its kind and its recipient. Returns: failures and warnings alike."""
    spec = importlib.util.spec_from_file_location("check_mail", checks_dir / "check_mail.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def ask(mail: bytes, kind: str, to: str) -> list[str]:
        verdicts = module.check(mail, kind, DOMAIN, to)
        return [f"{word}: {rule}: {detail}" for word, rule, detail in verdicts if word != "ok"]

    return ask
