"""Not interested in this topic: words and categories that the reader may exclude after an unwanted paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from digest.mail.present import MAX_TITLE_CHARS, readable
from digest.matching._topics import Proposal
from digest.pipeline.topics import propose_for
from digest.views.feedback import Asked, Verdict, asked, page
from subscriptions import services
from subscriptions.errors import SubscriptionError
from subscriptions.taxonomy import NAMES
from subscriptions.views.links import ReaderLink, behind_link
from subscriptions.views.refusals import refuse


class TopicsForm(forms.Form):
    """What the reader ticks; only what stands on the page can be ticked."""

    terms = forms.MultipleChoiceField(
        error_messages={
            "required": gettext_lazy("Please tick what you do not want to see; without a tick nothing changes."),
            "invalid_choice": gettext_lazy("New papers have changed what we would propose. Please choose again."),
        }
    )

    def __init__(self, *args: object, proposals: Sequence[Proposal], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came
        self.fields["terms"].choices = [(proposal.term, proposal.term) for proposal in proposals]  # type: ignore[attr-defined]
        self.proposals = proposals

    def boxes(self) -> Iterator["TopicBox"]:
        """Give the check boxes, ticked as they were sent."""
        ticked = set(self["terms"].value() or ())
        for proposal in self.proposals:
            yield TopicBox(
                term=proposal.term,
                name=NAMES.get(proposal.term, "") if proposal.is_category else "",
                cost=cost_in_words(proposal=proposal),
                checked=proposal.term in ticked,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicBox:
    """One proposal as a check box; `name` is that of a category."""

    term: str
    name: str
    cost: str
    checked: bool


@require_http_methods(["GET", "HEAD", "POST"])
@behind_link(purpose="feedback")
def topics(request: HttpRequest, link: ReaderLink) -> HttpResponse:
    """Propose what to exclude after "less like this", and add what the reader ticked; before it, ask that first."""
    about = asked(link=link, verdict=Verdict.LESS)
    if about.said is None or not about.is_said:
        return page(request, about)
    interest = about.interests[about.said.profile_id]
    proposals = propose_for(profile=interest, paper_id=about.item.paper_id)
    form = TopicsForm(request.POST if request.method == "POST" else None, proposals=proposals)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            _exclude(request, about, form.cleaned_data["terms"])
            return redirect("less", link.token)
        except SubscriptionError as error:
            status = refuse(form=form, error=error)
    title = readable(text=about.item.paper.title, limit=MAX_TITLE_CHARS)
    shown = {"token": link.token, "title": title, "interest": interest.name, "form": form}
    return render(request, "digest/topics.html", shown, status=status)


def cost_in_words(*, proposal: Proposal) -> str:
    """Say what an exclusion would have done to what the reader was sent, and to what they like."""
    kept_out = ngettext(
        "would have kept out %(out)d of the %(sent)d paper we sent you",
        "would have kept out %(out)d of the %(sent)d papers we sent you",
        proposal.n_sent,
    ) % {"out": proposal.kept_out, "sent": proposal.n_sent}
    if not proposal.n_sent:
        kept_out = _("we have sent you nothing yet that it would have kept out")
    if not proposal.n_liked:
        return kept_out
    if not proposal.liked:
        return kept_out + _(", none of which you liked")
    liked = _("; it is also in %(liked)d of the %(all)d papers you like")
    return kept_out + liked % {"liked": proposal.liked, "all": proposal.n_liked}


def _exclude(request: HttpRequest, about: Asked, terms: Sequence[str]) -> None:
    if about.said is not None:
        added = services.add_exclusions(
            subscriber=about.reader, profile_id=about.said.profile_id, terms=terms, now=timezone.now()
        )
        words = ", ".join(f"“{term}”" for term in added or terms)
        messages.success(request, _("Left out from now on: %(words)s.") % {"words": words})
