"""Why did this reader get no mail? The story of one of their days, linked from their page."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from digest.mail.story import tell_by_reader
from subscriptions import schedule
from subscriptions.admin.tables import LargeTableAdmin
from subscriptions.management.arguments import FIRST_YEAR, LAST_YEAR
from subscriptions.models import Subscriber


class StoryPage(LargeTableAdmin):
    """One page of a reader; it is reached by their number, for an address would stay in every proxy's log."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.story_page)
        return [path("<int:pk>/why/", view, name="subscriptions_subscriber_why"), *super().get_urls()]

    def story_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tell one day: the one that is asked for, or the reader's today."""
        reader = Subscriber.objects.filter(pk=pk).first()
        if reader is None:
            raise Http404("There is no such reader.")
        if not self.has_view_permission(request, reader):
            raise PermissionDenied
        now = timezone.now()
        day = chosen_day(words=request.GET.get("date", "")) or schedule.local_day(at=now, timezone=reader.timezone)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Why did {reader.email} get no mail?",
            "opts": self.opts,
            "reader": reader,
            "day": day,
            "now": now,
            "story": tell_by_reader(reader=reader, day=day, now=now),
        }
        return TemplateResponse(request, "admin/why.html", context)


def chosen_day(*, words: str) -> date | None:
    """Read the day that the page was asked for. This function will answer None for what is no day."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
