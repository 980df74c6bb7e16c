"""`manage.py bench send` on a private PostgreSQL that forgets nothing and a private Redis, which are gone afterwards.

TEST_DATABASE_URL and TEST_REDIS_URL name others. What is given is handed on.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests import servers
from tests.environment import TEST_ENVIRONMENT

DURABLE = ("max_wal_size=4GB", "checkpoint_timeout=30min", "shared_buffers=512MB")


def main(options: Sequence[str]) -> int:
    """Start the servers, prepare the database, measure. Returns: the command's exit code."""
    os.environ.update(TEST_ENVIRONMENT)
    database = os.environ.get("TEST_DATABASE_URL") or servers.start_postgres(settings=DURABLE)
    os.environ.update({"DATABASE_URL": database, "REDIS_URL": servers.redis_url(), "LOG_LEVEL": "INFO"})
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True)  # noqa: S603 - our own command
    return subprocess.run([*manage, "bench", "send", *options], check=False).returncode  # noqa: S603 - our own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
