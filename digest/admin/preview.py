"""Today's digest of a reader before it goes: shown in the browser, or mailed to the member of staff who asks."""

from collections.abc import Sequence
from typing import Any

from csp.decorators import csp
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from digest.mail.outcome import Verdict
from digest.mail.preview import preview_digest
from digest.mail.render import render_digest
from digest.mail.staff_copy import send_staff_copy, without_links
from digest.views.inbox import MAIL_POLICY
from subscriptions.admin.acts import counted, log_each
from subscriptions.admin.confirm import Question, ask, is_confirmed
from subscriptions.admin.tables import LargeTableAdmin
from subscriptions.models import Subscriber

MOST_COPIES = 5  # mails that one click may send to oneself
SEND = Question(
    action="send_to_me",
    title="Send today's digest to me",
    sentence="Today's digests of these readers will be mailed to you, and to nobody else.",
    button="Send to me",
    said="Mailed to you",
)


class PreviewActions(LargeTableAdmin):
    """The two pages of a preview, and the action that mails it; they stand on the reader's page."""

    actions: Any = ("preview", "send_to_me")
    change_form_template = "admin/reader.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", view(self.preview_page), name="subscriptions_subscriber_preview"),
            path("<int:pk>/preview/mail/", view(self.preview_mail), name="subscriptions_subscriber_preview_mail"),
            *super().get_urls(),
        ]

    @admin.action(description="Preview today's digest", permissions=["view"])
    def preview(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        readers = list(queryset[:2])
        if len(readers) != 1:
            self.message_user(request, "Choose one reader to preview.", messages.ERROR)
            return None
        return HttpResponseRedirect(reverse("admin:subscriptions_subscriber_preview", args=[readers[0].pk]))

    @admin.action(description="Send today's digest to me", permissions=["change"])
    def send_to_me(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        readers = list(queryset[: MOST_COPIES + 1])
        if refused := why_not_send(request=request, readers=readers):
            self.message_user(request, refused, messages.ERROR)
            return None
        if not is_confirmed(request):
            return ask(self, request, SEND, chosen=readers)
        self._send(request, readers)
        return None

    def preview_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the mail in a frame, and a button that mails it to the person who looks."""
        reader = self._reader(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Today's digest of {reader.email}",
            "opts": self.opts,
            "reader": reader,
            "may_send": self.has_change_permission(request, reader),
            "question": SEND,
        }
        return TemplateResponse(request, "admin/preview.html", context)

    @method_decorator([xframe_options_sameorigin, csp(MAIL_POLICY)])
    def preview_mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give the HTML of the mail alone, for the frame."""
        digest = preview_digest(subscriber=self._reader(request, pk), now=timezone.now())
        return HttpResponse(str(render_digest(digest=without_links(digest=digest)).alternatives[0][0]))

    def _reader(self, request: HttpRequest, pk: int) -> Subscriber:
        reader = Subscriber.objects.filter(pk=pk).first()
        if reader is None:
            raise Http404("There is no such reader.")
        if not self.has_view_permission(request, reader):
            raise PermissionDenied
        return reader

    def _send(self, request: HttpRequest, readers: Sequence[Subscriber]) -> None:
        for reader in readers:
            digest = preview_digest(subscriber=reader, now=timezone.now())
            outcome = send_staff_copy(digest=digest, to=staff_address(request))
            if outcome.verdict is not Verdict.SENT:
                self.message_user(request, f"The copy could not be mailed: {outcome.reason}", messages.ERROR)
                return
        log_each(request, readers, "Mailed a copy of today's digest to themselves")
        copies = counted(len(readers), "digest", "digests")
        self.message_user(request, f"{SEND.said} at {staff_address(request)}: {copies}.")


def why_not_send(*, request: HttpRequest, readers: Sequence[Subscriber]) -> str:
    """Say why copies cannot be sent; empty when they can."""
    if len(readers) > MOST_COPIES:
        return f"Nothing was sent: choose {MOST_COPIES} readers at most."
    if not staff_address(request):
        return "Nothing was sent: your account has no e-mail address. Put one in under Users."
    return ""


def staff_address(request: HttpRequest) -> str:
    """Answer the address of the person who is signed in."""
    return str(getattr(request.user, "email", ""))
