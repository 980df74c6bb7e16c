"""The page between choosing an action and doing it: it says what will happen to whom, and only its button acts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse

from subscriptions.admin.tables import AnyModelAdmin


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked before an action, and what they are told when it is done."""

    action: str
    title: str
    sentence: str
    button: str
    said: str


def is_confirmed(request: HttpRequest) -> bool:
    """Tell whether the button of the page in between was pressed."""
    return request.POST.get("confirmed") == "yes"


def ask(
    of: AnyModelAdmin,
    request: HttpRequest,
    question: Question,
    *,
    chosen: Sequence[Model],
    form: forms.Form | None = None,
) -> TemplateResponse:
    """Show the page in between."""
    context = {
        **of.admin_site.each_context(request),
        "opts": of.opts,
        "title": question.title,
        "question": question,
        "chosen": chosen,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
        "media": of.media,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)
