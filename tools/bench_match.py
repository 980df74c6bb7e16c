"""`manage.py bench match` on a private PostgreSQL that is gone afterwards; what is given to it is handed on."""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests import servers
from tests.environment import TEST_ENVIRONMENT


def main(options: Sequence[str]) -> int:
    """Start the database, prepare it, measure. Returns: the command's exit code."""
    os.environ.update(TEST_ENVIRONMENT)
    os.environ.update({"DATABASE_URL": servers.start_postgres(), "LOG_LEVEL": "WARNING"})
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True)  # noqa: S603 - our own command
    return subprocess.run([*manage, "bench", "match", *options], check=False).returncode  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
