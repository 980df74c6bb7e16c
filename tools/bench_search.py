"""`manage.py bench search` on a private database that is gone afterwards; what is given to it is handed on.

Without --sqlite it is a PostgreSQL as it comes, apart from its promises to the disk.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests import servers
from tests.environment import TEST_ENVIRONMENT


def main(options: Sequence[str]) -> int:
    """Start the database, prepare it, measure. Returns: the command's exit code."""
    file = servers.temporary_folder(name="bench-search") / "bench.sqlite3"
    address = f"sqlite:///{file}" if "--sqlite" in options else servers.start_postgres()
    os.environ.update(TEST_ENVIRONMENT)
    os.environ.update({"DATABASE_URL": address, "LOG_LEVEL": "WARNING"})
    manage, rest = [sys.executable, "manage.py"], [option for option in options if option != "--sqlite"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True)  # noqa: S603 - our own command
    return subprocess.run([*manage, "bench", "search", *rest], check=False).returncode  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
