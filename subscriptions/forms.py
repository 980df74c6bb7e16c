"""The forms of the site: what a person typed becomes the types that the services take."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from subscriptions.addresses import InvalidAddress, parse_address
from subscriptions.fields import AuthorsField, CategoriesField, PapersField, PlainField, TermsField, ZoneField
from subscriptions.models import MOST_PAPERS, Cadence, InterestProfile, LibraryPaper, Subscriber
from subscriptions.scale import ScaleInput
from subscriptions.services.preferences import LONGEST_PAUSE
from subscriptions.taxonomy import GROUPS, NAMES
from subscriptions.types import Preferences, ProfileInput, SignUp

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
HOW_MANY_PAPERS = format_lazy(_("Please give a number from 1 to {most}."), most=MOST_PAPERS)
PICKINESS = [
    (InterestProfile.Pickiness.BROAD, _("Broad")),
    (InterestProfile.Pickiness.BALANCED, _("Balanced")),
    (InterestProfile.Pickiness.PICKY, _("Picky")),
]
HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]
EVERY_DAY = list(range(7))
INTEREST_LISTS = ("categories", "keywords", "exclude", "authors", "papers")
CONSENT_WORDING = _(
    "By subscribing you ask %(site)s to mail you new papers at the times you choose. "
    "Nothing but one confirmation is sent before you confirm, and every mail has a link that ends it."
)
FADING = _("A paper that you liked half a year ago counts half as much as one of today.")
TASTE_WORDING = _(
    "My likes may help to rank papers for everybody here. "
    "Only which papers were liked together is used, and nobody is named."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryBox:
    """One category as a check box."""

    code: str
    name: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryGroup:
    """A group of check boxes; `chosen` counts those that are ticked."""

    name: str
    boxes: tuple[CategoryBox, ...]

    @property
    def chosen(self) -> int:
        """Count the ticked boxes."""
        return sum(box.checked for box in self.boxes)


class AddressField(PlainField):
    """An e-mail address; gives it as `parse_address` cleaned it."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "maxlength": 254}
        widget = forms.EmailInput(attrs={**attrs, "placeholder": _("you@example.org")})
        super().__init__(
            label=_("E-mail address"),
            widget=widget,
            error_messages={"required": _("Please type your e-mail address.")},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Take only what is an address."""
        try:
            return parse_address(super().clean(value)).email
        except InvalidAddress as error:
            raise ValidationError(str(error), code="address") from error


class AddressForm(forms.Form):
    """An address alone: for a fresh link, or for a new address."""

    email = AddressField()


class InterestFields(forms.Form):
    """What a reader is interested in."""

    categories = CategoriesField(label=_("Categories"), required=False)
    keywords = TermsField(
        label=_("Keywords"),
        help_text=_('Separated by commas: state space model, "in-context learning". A minus excludes: -survey'),
    )
    exclude = TermsField(label=_("Never papers about"), help_text=_("A paper with one of these words is left out."))
    authors = AuthorsField(label=_("Authors to follow"), help_text=_("One a line. Initials will do: A. Lovelace"))
    description = PlainField(
        label=_("In your own words"),
        required=False,
        max_length=1000,
        help_text=_("A sentence on what you work on, as you would tell a colleague."),
    )
    papers = PapersField(
        label=_("Papers you like"),
        help_text=_("arXiv ids, DOIs or links, separated by spaces or lines."),
    )
    pickiness = forms.ChoiceField(
        label=_("How picky"),
        required=False,
        choices=PICKINESS,
        initial=InterestProfile.Pickiness.BALANCED,
        widget=ScaleInput,
        help_text=_("To the left comes anything related, to the right only the closest."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A category that arXiv does not have may stand in an imported profile: it is kept, not dropped.
        self.kept_categories = tuple(code for code in self.initial.get("categories", ()) if code not in NAMES)
        cast(CategoriesField, self.fields["categories"]).kept = self.kept_categories

    def category_groups(self) -> Iterator[CategoryGroup]:
        """Give the check boxes in groups, ticked as they were sent or stored."""
        ticked = set(self["categories"].value() or ())
        groups = [(group.name, group.categories) for group in GROUPS]
        if self.kept_categories:
            groups.append((str(_("Others")), {code: code for code in self.kept_categories}))
        for name, categories in groups:
            boxes = (CategoryBox(code=code, name=label, checked=code in ticked) for code, label in categories.items())
            yield CategoryGroup(name=name, boxes=tuple(boxes))

    def clean_pickiness(self) -> str:
        """Fall back on balanced when nothing was picked."""
        return self.cleaned_data["pickiness"] or InterestProfile.Pickiness.BALANCED

    def clean(self) -> dict[str, Any]:
        """Move keywords with a minus to the excluded ones."""
        data = super().clean() or self.cleaned_data
        keywords = data.get("keywords", ())
        unwanted = [*data.get("exclude", ()), *(term for term in keywords if term.startswith("-"))]
        data["keywords"] = tuple(term for term in keywords if not term.startswith("-"))
        data["exclude"] = tuple(dict.fromkeys(term.lstrip("- ") for term in unwanted))
        return data

    def says_something(self) -> bool:
        """Tell whether any interest was given at all."""
        return any(self.cleaned_data[name] for name in (*INTEREST_LISTS, "description"))

    def profile(self, *, name: str, active: bool = True) -> ProfileInput:
        """Give the interests as the services take them."""
        data = self.cleaned_data
        lists: dict[str, Any] = {field: tuple(data[field]) for field in INTEREST_LISTS}
        return ProfileInput(
            name=name,
            description=data["description"],
            pickiness=data["pickiness"],
            active=active,
            **lists,
        )


class InterestForm(InterestFields):
    """One interest of a reader, with its name and how its likes age."""

    fades = forms.BooleanField(label=_("Older likes count less"), required=False, initial=True, help_text=FADING)

    name = PlainField(
        label=_("Name of this interest"),
        max_length=80,
        help_text=_("It stands over its papers in the mail."),
        error_messages={"required": _("Please give this interest a name.")},
    )

    def profile(self, *, name: str, active: bool = True) -> ProfileInput:
        """Give the interest as the services take it."""
        return replace(super().profile(name=name, active=active), fades=self.cleaned_data["fades"])

    def clean(self) -> dict[str, Any]:
        """Ask for at least one word about the interest."""
        data = super().clean()
        if not self.errors and not self.says_something():
            raise ValidationError(
                _("Please say at least one thing that interests you: a category or a keyword will do.")
            )
        return data


class DeliveryForm(forms.Form):
    """When a reader is mailed, and how much."""

    cadence = forms.ChoiceField(
        label=_("How often"),
        choices=Cadence.choices,
        initial=Cadence.DAILY,
        widget=forms.RadioSelect,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        required=False,
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    hour = forms.TypedChoiceField(label=_("At"), coerce=int, choices=HOURS, initial=8)
    timezone = ZoneField(label=_("Time zone"), initial="UTC")
    max_papers = forms.IntegerField(
        label=_("Papers at most"),
        min_value=1,
        max_value=MOST_PAPERS,
        initial=10,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), HOW_MANY_PAPERS),
    )
    trending = forms.BooleanField(label=_("Trending papers too"), required=False, initial=True)
    tell_when_empty = forms.BooleanField(label=_("A short note on days without papers"), required=False)

    def clean(self) -> dict[str, Any]:
        """Let weekdays stand only where the cadence leaves them open."""
        data = super().clean() or self.cleaned_data
        days = sorted(data.get("weekdays") or [])
        if data.get("cadence") == Cadence.CHOSEN and not days and "weekdays" not in self.errors:
            self.add_error("weekdays", _("Please tick at least one day."))
        elif data.get("cadence") == Cadence.WEEKLY and len(days) > 1:
            self.add_error("weekdays", _("Once a week is one day: please tick only one."))
        data["weekdays"] = tuple(days) if data.get("cadence") in {Cadence.CHOSEN, Cadence.WEEKLY} else ()
        return data

    def preferences(self) -> Preferences:
        """Give the settings as the services take them."""
        return Preferences(**self.settings())

    def settings(self) -> dict[str, Any]:
        """Give the clean settings by name."""
        return {name: self.cleaned_data[name] for name in DeliveryForm.base_fields}


class SignUpForm(InterestFields, DeliveryForm):
    """The whole of the sign-up; an address alone is enough."""

    email = AddressField()
    field_order = ("email",)
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("cadence", "hour", "timezone", "max_papers"):
            self.fields[name].required = False
        if not self.is_bound:
            self.fields["timezone"].widget.attrs["data-guess-zone"] = ""

    def clean(self) -> dict[str, Any]:
        """Fill in what an address alone leaves out, and refuse a subscription to nothing."""
        data = super().clean()
        if "cadence" not in self.data:
            data["trending"] = True
        for name in DeliveryForm.base_fields:
            if data.get(name) in {None, ""}:
                data[name] = self.fields[name].initial
        if not self.errors and not data["trending"] and not self.says_something():
            raise ValidationError(_("There would be nothing to send: please tick trending papers or name an interest."))
        return data

    def is_trap_sprung(self) -> bool:
        """Tell whether the field was filled in that people cannot see."""
        return bool(self.data.get("website"))

    def sign_up(self) -> SignUp:
        """Give the sign-up as the services take it."""
        profile = self.profile(name=str(_("My interests"))) if self.says_something() else None
        return SignUp(email=self.cleaned_data["email"], profile=profile, **self.settings())


class WishForm(SignUpForm):
    """The sign-up while it is only looked at: no address is asked for, and an empty interest may be looked at, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = self.fields["email"]
        self.fields["email"] = PlainField(label=address.label, widget=address.widget, required=False)

    def says_something(self) -> bool:
        """Let also an empty interest be looked at: the preview says what is missing."""
        return True

    def asks_for_something(self) -> bool:
        """Tell whether there is anything to look for."""
        return super().says_something()


class TasteForm(forms.Form):
    """May a reader's likes help others? The label is what they agree to."""

    shares = forms.BooleanField(label=TASTE_WORDING, required=False)


class PauseForm(forms.Form):
    """Silence until a day; which days can be chosen, the service decides."""

    until = forms.DateField(
        label=_("No mail before"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": _("Please choose a day."),
            "invalid": _("Please give the day as year-month-day, for example 2026-12-24."),
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + LONGEST_PAUSE).isoformat(),
        }


def stored_delivery(*, subscriber: Subscriber) -> dict[str, Any]:
    """Give a reader's settings as the form's initial values.

    Days that narrow a daily cadence are shown as what they are: chosen days.
    """
    initial = {name: getattr(subscriber, name) for name in DeliveryForm.base_fields}
    if subscriber.cadence == Cadence.DAILY and subscriber.weekdays and subscriber.weekdays != EVERY_DAY:
        initial["cadence"] = Cadence.CHOSEN
    return initial


def stored_interest(*, profile: InterestProfile) -> dict[str, Any]:
    """Give an interest as the form's initial values; papers are those that the reader likes."""
    liked = profile.library.filter(stance=LibraryPaper.Stance.LIKED).order_by("added_at", "pk")
    return {
        "name": profile.name,
        "description": profile.description,
        "pickiness": profile.pickiness,
        "fades": profile.fades,
        "papers": list(liked.values_list("scheme", "value")),
        **{name: getattr(profile, name) for name in INTEREST_LISTS if name != "papers"},
    }
