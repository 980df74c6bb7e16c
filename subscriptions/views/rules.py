"""An interest as one sentence: what speaks for a paper, and what forbids it."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.models import InterestProfile
from subscriptions.taxonomy import NAMES

MOST_NAMED = 3  # of one list; the card has them all


def rule_in_words(*, profile: InterestProfile, n_examples: int) -> str:
    """Say in a sentence what an interest looks for; any one of its parts speaks for a paper."""
    parts = list(_parts(profile, n_examples))
    if not parts:
        return _("It says nothing yet, so it finds nothing.")
    sentence = _("Papers %(parts)s") % {"parts": _(", or ").join(parts)}
    if profile.exclude:
        sentence += _("; never with %(words)s") % {"words": _listed([_quoted(word) for word in profile.exclude])}
    return sentence + "."


def _parts(profile: InterestProfile, n_examples: int) -> Iterator[str]:
    if profile.categories:
        yield _("in %(names)s") % {"names": _listed([NAMES.get(code, code) for code in profile.categories])}
    if profile.keywords:
        yield _("with %(words)s") % {"words": _listed([_quoted(word) for word in profile.keywords])}
    if profile.authors:
        yield _("by %(names)s") % {"names": _listed(profile.authors)}
    if profile.description:
        yield _("close to your description")
    if n_examples:
        yield ngettext("like the paper that you named", "like the %(n)d papers that you named", n_examples) % {
            "n": n_examples
        }


def _listed(words: Sequence[str]) -> str:
    """Join the first words of a list, and count the others."""
    shown, more = list(words[:MOST_NAMED]), len(words) - MOST_NAMED
    if more > 0:
        shown.append(ngettext("%(n)d more", "%(n)d more", more) % {"n": more})
    if len(shown) == 1:
        return shown[0]
    return _("%(first)s or %(last)s") % {"first": ", ".join(shown[:-1]), "last": shown[-1]}


def _quoted(word: str) -> str:
    return _("“%(word)s”") % {"word": word}
