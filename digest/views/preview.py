"""What an interest would have brought, shown below the form while it is typed; nothing of it is saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from digest.mail.present import MAX_TITLE_CHARS, readable, reasons_line
from digest.pipeline.preview import Preview, preview
from subscriptions import limits, services
from subscriptions.dates import full_day
from subscriptions.errors import SubscriptionError
from subscriptions.forms import InterestForm, stored_interest
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.refusals import refuse

NAMELESS = "Preview"  # stands for the name while none is typed; nobody sees it


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTitle:
    """A paper as one line, and why it is there as another."""

    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDay:
    """A day on which papers passed: its best, and how many more passed."""

    day: str
    papers: tuple[ShownTitle, ...]
    n_passing: int
    n_papers: int

    @property
    def n_more(self) -> int:
        """Count the papers that pass and are not shown, since the mail holds no more."""
        return self.n_passing - len(self.papers)


class PreviewForm(InterestForm):
    """The form of an interest, which may go without a name and without a word while it is only looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False

    def says_something(self) -> bool:
        """Let also an empty interest be looked at: the preview says what is missing."""
        return True


@require_POST
@behind_link(purpose="manage")
def interest_preview_new(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Show what a new interest would have brought."""
    return _show_typed(request, link, initial={}, profile_id=None)


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="manage")
def interest_preview(request: HttpRequest, link: ReaderLink, profile_id: int) -> HttpResponse:
    """Show what an interest would have brought: as it is stored, or as it is being changed."""
    stored = get_object_or_404(link.subscriber.profiles.select_related("subscriber"), pk=profile_id)
    initial = stored_interest(profile=stored)
    if request.method == "POST":
        return _show_typed(request, link, initial=initial, profile_id=profile_id)
    found = preview(profile=stored, now=timezone.now())
    return _page(request, link, form=InterestForm(initial=initial), profile_id=profile_id, found=found)


def shown_days(*, found: Preview) -> Iterator[ShownDay]:
    """Put the days on which anything passed into words, the last first."""
    for day in found.days:
        if day.n_passing:
            yield ShownDay(
                day=full_day(day=day.day),
                papers=tuple(
                    ShownTitle(
                        title=readable(text=paper.title, limit=MAX_TITLE_CHARS),
                        why=reasons_line(reasons=paper.reasons),
                    )
                    for paper in day.shown
                ),
                n_passing=day.n_passing,
                n_papers=day.n_papers,
            )


def _show_typed(
    request: HttpRequest, link: ReaderLink, *, initial: dict[str, Any], profile_id: int | None
) -> HttpResponse:
    form = PreviewForm(request.POST, initial=initial)
    if not form.is_valid():
        return _page(request, link, form=form, profile_id=profile_id, found=None, status=400)
    now = timezone.now()
    try:
        limits.take_preview(subscriber_id=link.subscriber.pk, now=now)
        wanted = form.profile(name=form.cleaned_data["name"] or NAMELESS)
        row = services.draft_profile(subscriber=link.subscriber, profile=wanted, profile_id=profile_id)
    except SubscriptionError as error:
        status = refuse(form=form, error=error)
        return _page(request, link, form=form, profile_id=profile_id, found=None, status=status)
    return _page(
        request, link, form=form, profile_id=profile_id, found=preview(profile=row, liked=wanted.papers, now=now)
    )


def _page(
    request: HttpRequest,
    link: ReaderLink,
    *,
    form: InterestForm,
    profile_id: int | None,
    found: Preview | None,
    status: int = 200,
) -> HttpResponse:
    days = list(shown_days(found=found)) if found else []
    page = {"token": link.token, "form": form, "profile_id": profile_id, "preview": found, "days": days}
    return render(request, "digest/interest_preview.html", page, status=status)
