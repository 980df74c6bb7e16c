"""One line of a reader's own words, without what could hide or forge anything in a mail."""

import unicodedata

# Unicode categories: control, half a character (surrogate), private use, not assigned, line and paragraph ends.
NEVER = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Direction overrides and isolates turn text around; zero-width spaces hide in it. Joiners are letters' work and stay.
HIDING = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad")


def clean_line(text: str) -> str:
    """Bring text onto one line in Unicode's composed form; this function will drop what cannot be seen."""
    visible = "".join(" " if character in "\n\r\t\v\f\x85\u2028\u2029" else character for character in text)
    kept = (c for c in visible if c not in HIDING and unicodedata.category(c) not in NEVER)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
