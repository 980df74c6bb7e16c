"""The forms of a reader's library: a list that is pasted or uploaded, and an account elsewhere to follow."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from digest.library import MOST_BYTES
from digest.pipeline.orcid import is_orcid_id
from subscriptions.models import InterestProfile, LinkedLibrary
from subscriptions.services.learning import LIKED_PAPERS

LONGEST_PASTE = 200_000  # characters
NEW_INTEREST = "new"
MEGABYTE = 1024 * 1024
_ZOTERO_LIBRARY = re.compile(r"(?:https?://(?:www\.|api\.)?zotero\.org/)?(?:(users|groups)/)?(\d{1,12})(?:/.*)?")
_ZOTERO_KEY = re.compile(r"[A-Za-z0-9]{16,64}")
_ORCID = re.compile(r"(?:https?://(?:www\.)?orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", re.IGNORECASE)


class InterestChoice(forms.ChoiceField):
    """Which of the reader's interests learns from what they bring; a new one, where they like."""

    def __init__(self, *, interests: list[InterestProfile]) -> None:
        choices: list[tuple[str, Any]] = [(str(interest.pk), interest.name) for interest in interests]
        if LIKED_PAPERS not in {interest.name for interest in interests}:
            choices.append((NEW_INTEREST, _("A new one, “Liked papers”")))
        super().__init__(
            label=_("For which interest"),
            choices=choices,
            error_messages={"invalid_choice": _("This interest does not exist any more; please choose another.")},
        )


class BringForm(forms.Form):
    """A list of papers, pasted or as a file."""

    interest = forms.ChoiceField()  # replaced by the reader's own
    papers = forms.CharField(
        label=_("Paste arXiv ids, DOIs, links or titles, one a line, or a whole BibTeX or RIS list"),
        required=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "maxlength": LONGEST_PASTE}),
        error_messages={"max_length": _("This is more than can be pasted; please save it as a file and upload that.")},
    )
    file = forms.FileField(
        label=_("Or upload a file"),
        required=False,
        allow_empty_file=True,
        max_length=None,
        help_text=_("BibTeX, RIS, CSL-JSON, Zotero, PubMed, Web of Science, RSS, OPML or plain text, 5 MB at most."),
    )

    def __init__(self, *args: Any, interests: list[InterestProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interest"] = InterestChoice(interests=interests)

    def clean_file(self) -> "UploadedFile[bytes] | None":
        """Refuse a file that is too large to be a list of papers."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _(
                    "This file is larger than %(most)d MB. Please export a part of your library, or leave out"
                    " abstracts and notes."
                ),
                params={"most": MOST_BYTES // MEGABYTE},
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given = self.cleaned_data
        if self.errors:
            return given
        if given["papers"].strip() and given["file"] is not None:
            self.add_error("file", _("Please do one at a time: what you pasted, or the file."))
        elif not given["papers"].strip() and given["file"] is None:
            self.add_error("papers", _("Please paste something, or choose a file."))
        return given

    def list_given(self) -> tuple[bytes, str]:
        """Give the list's bytes and what to call it."""
        file = self.cleaned_data["file"]
        if file is None:
            return self.cleaned_data["papers"].encode(errors="replace"), ""
        return file.read(), str(file.name)


class ZoteroForm(forms.Form):
    """A Zotero library to follow."""

    interest = forms.ChoiceField()
    library = forms.CharField(
        label=_("Your Zotero user id, or groups/ and the id of a group"),
        max_length=200,
        help_text=_("The number under “Your userID” at zotero.org/settings/keys."),
    )
    key = forms.CharField(
        label=_("API key"),
        max_length=100,
        help_text=_("Make one at zotero.org/settings/keys that may only read. It is kept encrypted and never shown."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, interests: list[InterestProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interest"] = InterestChoice(interests=interests)

    def clean_library(self) -> str:
        """Read the number, or the address of the library's page."""
        match = _ZOTERO_LIBRARY.fullmatch(self.cleaned_data["library"].strip().lower())
        if match is None:
            raise ValidationError(_("This is no Zotero id: it is a number, as in 475425, or groups/2744757."))
        return f"{match[1] or 'users'}/{match[2]}"

    def clean_key(self) -> str:
        """Take what looks like a key of Zotero's."""
        key: str = self.cleaned_data["key"].strip()
        if not _ZOTERO_KEY.fullmatch(key):
            raise ValidationError(_("A Zotero key is 24 letters and digits, without spaces."))
        return key

    def account(self) -> tuple[str, str, str]:
        """Give the kind, the library and the key."""
        return LinkedLibrary.Kind.ZOTERO.value, self.cleaned_data["library"], self.cleaned_data["key"]


class OrcidForm(forms.Form):
    """A person whose works an interest follows."""

    interest = forms.ChoiceField()
    orcid = forms.CharField(
        label=_("ORCID iD"),
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "0000-0002-1825-0097", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, interests: list[InterestProfile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interest"] = InterestChoice(interests=interests)

    def clean_orcid(self) -> str:
        """Read the iD, or the address of the person's page, and check its last digit."""
        match = _ORCID.fullmatch(self.cleaned_data["orcid"].strip())
        if match is None:
            raise ValidationError(_("An ORCID iD is four groups of four digits, as in 0000-0002-1825-0097."))
        if not is_orcid_id(match[1].upper()):
            raise ValidationError(_("One of the digits of this ORCID iD is wrong; please look again."))
        return match[1].upper()

    def account(self) -> tuple[str, str, str]:
        """Give the kind and the iD; no key is needed."""
        return LinkedLibrary.Kind.ORCID.value, self.cleaned_data["orcid"], ""
