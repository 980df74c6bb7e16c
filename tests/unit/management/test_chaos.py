"""`manage.py chaos`: says what is missing, and touches no database but its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PROJECT = Path(__file__).resolve().parents[3]


def test_a_machine_without_the_servers_is_told_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "initdb"
    broken.write_text("no program at all")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match="^initdb cannot be started") as caught:
        call_command("chaos", readers=1, seed=1)

    assert caught.value.returncode == 2


def test_a_run_refuses_any_database_but_its_private_one(tmp_path: Path) -> None:
    wanted = ["--folder", str(tmp_path), "--readers", "1", "--seed", "1"]
    ports = ["--postgres-port", "5432", "--redis-port", "6379", "--smtp-port", "2525"]

    done = subprocess.run(
        [sys.executable, "-m", "digest.chaos", *wanted, *ports],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "digest.settings", "DATABASE_URL": "sqlite://:memory:"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "another database than its private one" in done.stdout
