"""The link of a reader's own feed: shown, made anew, switched off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from subscriptions import services
from subscriptions.feed_links import feed_url
from subscriptions.views.links import ReaderLink, behind_link

FORMATS = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def my_feed(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show the feed's links with their buttons; POST `act=off` switches it off, any other POST makes a new link."""
    if request.method != "POST":
        return render(request, "subscriptions/my_feed.html", {"token": link.token, "links": _links(link)})
    if request.POST.get("act") == "off":
        services.switch_feed_off(subscriber=link.subscriber)
        messages.success(request, _("Your feed is switched off. Its link opens nothing any more."))
    else:
        services.renew_feed(subscriber=link.subscriber)
        messages.success(request, _("Here is the link of your feed. No earlier one works any more."))
    return redirect("my_feed", link.token)


def _links(link: ReaderLink) -> list[dict[str, str]]:
    if not link.subscriber.has_feed:
        return []
    return [
        {"form": form, "name": name, "url": feed_url(subscriber=link.subscriber, form=form)}
        for form, name in FORMATS.items()
    ]
