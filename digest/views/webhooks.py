"""What a mail provider's webhook answers when it cannot be read or trusted: 400, one line in the log, no traceback."""

import logging
from collections.abc import Callable

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from django.http import HttpRequest, HttpResponse

from digest.mail.events import EventNotStored

log = logging.getLogger(__name__)

WEBHOOKS = "/anymail/"
CANNOT_BE_READ = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What anymail's parsers raise for a body that is cut off, of another shape, or in another encoding."""

Answer = Callable[[HttpRequest], HttpResponse]


class RefuseUnreadable:
    """Django's middleware for the addresses of anymail, all of which it reaches."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave every answer as it is."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Refuse what cannot be read; an event that could not be stored is an error of ours, and comes again."""
        if not request.path.startswith(WEBHOOKS) or isinstance(error, EventNotStored):
            return None
        if isinstance(error, AnymailConfigurationError):  # also a library that is not installed
            log.warning("A webhook was called whose provider is not set up: %s", request.path)
            return HttpResponse("This provider is not set up here.\n", status=404, content_type="text/plain")
        if isinstance(error, AnymailWebhookValidationFailure):  # anymail's words on it may hold our WEBHOOK_SECRET
            log.warning("A webhook's request is not from the provider, or its keys here are wrong: %s", request.path)
            return HttpResponse("This request cannot be trusted.\n", status=400, content_type="text/plain")
        if isinstance(error, CANNOT_BE_READ):
            log.warning("A webhook's request cannot be read: %s: %s", request.path, type(error).__name__)
            return HttpResponse("This request cannot be read.\n", status=400, content_type="text/plain")
        return None
