"""One line of a reader's own words, without what could hide or forge anything in a mail."""

import unicodedata

# Unicode categories: control, half a character (surrogate), private use, not assigned, line and paragraph ends.
NEVER = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Direction overrides and isolates turn text around; zero-width spaces hide in it. Joiners are letters' work and stay.
HIDING = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad")


BLANKS = frozenset("\n\r\t\v\f\x85\u2028\u2029")


class _Kept(dict[int, str]):
    """What becomes of each character; worked out once for each, because mails are long and many."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in BLANKS:
            kept = " "
        else:
            kept = "" if character in HIDING or unicodedata.category(character) in NEVER else character
        self[code] = kept
        return kept


_KEPT = _Kept()


def clean_line(text: str) -> str:
    """Bring text onto one line in Unicode's composed form; this function will drop what cannot be seen."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_KEPT)).split())
