"""What gunicorn serves in a benchmark: the site as it is, and its floor beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digest.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - only settings that are loaded can be changed

settings.ROOT_URLCONF = "tools.floor_site"
