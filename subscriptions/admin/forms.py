"""Forms in which staff change a reader's preferences, by the rules that hold for the reader too.

They only read and check; what they understood goes to the same services as the reader's own pages.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils import timezone

from subscriptions import services
from subscriptions.admin.tables import AnyInlineFormSet
from subscriptions.errors import SubscriptionError
from subscriptions.fields import AuthorsField, ListField, PapersField, PlainField, TermsField, ZoneField
from subscriptions.forms import HOURS, WEEKDAYS
from subscriptions.models import MOST_PAPERS, InterestProfile, LibraryPaper, Subscriber
from subscriptions.services.preferences import check_preferences
from subscriptions.services.profiles import MOST_ENTRIES, clean_profile
from subscriptions.taxonomy import NAMES
from subscriptions.types import Preferences, ProfileInput

if TYPE_CHECKING:  # a Django form takes its model's type only while mypy reads it
    ReaderModelForm = forms.ModelForm[Subscriber]
    ProfileModelForm = forms.ModelForm[InterestProfile]
else:
    ReaderModelForm = ProfileModelForm = forms.ModelForm

PREFERENCES = tuple(field.name for field in dataclasses.fields(Preferences))
INTEREST = tuple(field.name for field in dataclasses.fields(ProfileInput))
CODES = {code.lower(): code for code in NAMES}


def day_box() -> forms.DateInput:
    """Make a box for a day, with the browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


@contextmanager
def told(form: forms.BaseForm) -> Iterator[None]:
    """Put what a service refuses beside the field it is about."""
    try:
        yield
    except SubscriptionError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))


class ReaderForm(ReaderModelForm):
    """When a reader is mailed."""

    timezone = ZoneField(label="Time zone")
    hour = forms.TypedChoiceField(choices=HOURS, coerce=int, help_text="The reader's own hour.")
    weekdays = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    max_papers = forms.IntegerField(label="Papers at most", min_value=1, max_value=MOST_PAPERS)
    paused_until = forms.DateField(
        required=False, widget=day_box(), help_text="No mail before this day; empty: no pause."
    )

    class Meta:
        model = Subscriber
        fields = (*PREFERENCES, "paused_until", "shares_taste")

    def clean(self) -> dict[str, Any]:
        """Check what the reader's own page checks."""
        if not self.errors:
            with told(self):
                check_preferences(preferences=self.preferences())
        return self.cleaned_data

    def changes_preferences(self) -> bool:
        """Tell whether anything but the pause was changed."""
        return any(name in PREFERENCES for name in self.changed_data)

    def preferences(self) -> Preferences:
        """Give what the form says as the services take it."""
        data = self.cleaned_data
        return Preferences(**{**{name: data[name] for name in PREFERENCES}, "weekdays": tuple(data["weekdays"])})


class CategoriesField(ListField):
    """arXiv's categories by their codes, one a line; any that the profile already has may stay."""

    kept: frozenset[str] = frozenset()

    def split(self, text: str) -> Iterable[str]:
        """Cut at white space and commas. This function will refuse a code that arXiv does not have."""
        for word in text.replace(",", " ").split():
            code = CODES.get(word.lower(), word)
            if code not in NAMES and code not in self.kept:
                raise ValidationError(f"“{word[:40]}” is no category of arXiv.", code="category")
            yield code


class ProfileForm(ProfileModelForm):
    """One interest, its lists as lines of text."""

    name = PlainField(max_length=80, widget=AdminTextInputWidget)
    categories = CategoriesField(rows=3, help_text="Codes, one a line: cs.CL")
    keywords = TermsField(rows=3, help_text="Words or “quoted phrases”, one a line.")
    exclude = TermsField(rows=3, label="Never papers about", help_text="One a line.")
    authors = AuthorsField(rows=3, help_text="One a line.")
    description = PlainField(required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    papers = PapersField(rows=3, label="Library", help_text="Papers the reader likes: arXiv ids, DOIs or links.")

    class Meta:
        model = InterestProfile
        fields = tuple(name for name in INTEREST if name != "papers")  # those are rows of their own

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.longest_stored = 0
        if self.instance.pk:
            self.initial["papers"] = liked_papers(self.instance)
        for name, field in self.fields.items():
            if isinstance(field, ListField):
                self._prepare(name, field)

    def _prepare(self, name: str, field: ListField) -> None:
        stored = self.initial.get(name) or ()
        self.longest_stored = max(self.longest_stored, len(stored))  # an import may bring more than a person types
        if isinstance(field, CategoriesField):
            field.kept = frozenset(stored)
        self.initial[name] = field.prepare_value(stored)  # as text: untouched is unchanged

    def clean(self) -> dict[str, Any]:
        """Check what the reader's own page checks."""
        if not self.errors:
            with told(self):
                clean_profile(profile=self.profile_input(), most_entries=max(MOST_ENTRIES, self.longest_stored))
        return self.cleaned_data

    def clean_keywords(self) -> tuple[str, ...]:
        """Refuse a minus: here, what is unwanted has a box of its own."""
        keywords: tuple[str, ...] = self.cleaned_data["keywords"]
        if any(term.startswith("-") for term in keywords):
            raise ValidationError("Words that are not wanted go into the box below, without a minus.", code="minus")
        return keywords

    def profile_input(self) -> ProfileInput:
        """Give what the form says as the services take it."""
        return ProfileInput(**{name: self.cleaned_data[name] for name in INTEREST})


def liked_papers(profile: InterestProfile) -> list[tuple[str, str]]:
    """List the papers that a profile learns from, as (scheme, value)."""
    library = profile.library.all()
    return [(paper.scheme, paper.value) for paper in library if paper.stance == LibraryPaper.Stance.LIKED]


class ProfileFormSet(AnyInlineFormSet):
    """A reader's interests; each is written by the service that the reader's own page calls."""

    def save_new(self, form: ProfileForm, commit: bool = True) -> InterestProfile:  # noqa: FBT001, FBT002 - Django's
        return self._save(form, profile_id=None)

    def save_existing(self, form: ProfileForm, obj: InterestProfile, commit: bool = True) -> InterestProfile:  # noqa: FBT001, FBT002 - as above
        return self._save(form, profile_id=obj.pk)

    def delete_existing(self, obj: InterestProfile, commit: bool = True) -> None:  # noqa: FBT001, FBT002 - as above
        services.delete_profile(subscriber=self.instance, profile_id=obj.pk)

    def _save(self, form: ProfileForm, *, profile_id: int | None) -> InterestProfile:
        return services.save_profile(
            subscriber=self.instance, profile=form.profile_input(), profile_id=profile_id, now=timezone.now()
        )
