"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
application = get_wsgi_application()

from digest.pipeline.encoding import announce  # noqa: E402 - Django must be ready

announce()
