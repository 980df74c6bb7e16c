"""The languages of the site: English, and every other one that has a catalogue."""

from pathlib import Path

SPOKEN = {"en": "English", "de": "German", "zh-hans": "Simplified Chinese"}
"""By code; English is the language that the texts are written in."""


def offered_languages(*, folder: Path) -> list[tuple[str, str]]:
    """List the languages that can be chosen. A language without a catalogue is not offered half translated."""
    return [
        (code, name) for code, name in SPOKEN.items() if code == "en" or catalogue(folder=folder, code=code).exists()
    ]


def catalogue(*, folder: Path, code: str) -> Path:
    """Say where the compiled catalogue of a language lies: locale/zh_Hans/LC_MESSAGES/django.mo."""
    language, _, script = code.partition("-")
    return folder / (f"{language}_{script.title()}" if script else language) / "LC_MESSAGES" / "django.mo"
