"""Postprint: new papers that match, once a day, by mail."""

from digest.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
