"""The first page of the reader's panel: that of `subscriptions`, with what each interest has learnt from answers."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from digest.pipeline.feedback import count_feedback
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.panel import panel_page, save_delivery


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def manage(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show the panel; take the delivery settings."""
    if request.method == "POST":
        return save_delivery(request, link)
    return panel_page(request, link, answers=count_feedback(subscriber=link.subscriber))
