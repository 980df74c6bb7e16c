"""The catalogues of the site's other languages: brought up to date with the texts, compiled, and checked.

python -m tools.catalogues update   writes new texts into locale/*/LC_MESSAGES/django.po, and compiles them
python -m tools.catalogues check    fails when a catalogue lacks a text, or says it in a way that would break a page
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from digest.languages import SPOKEN, catalogue

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("digest", "subscriptions", "templates")
LAZY = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
KEYWORDS = DEFAULT_KEYWORDS | LAZY
NOTE = "# Texts of the site and its mails. Update: make catalogues"
Text = tuple[str, str | tuple[str, ...], str | None]
"""Where it stands, what it says, and its context."""


def main(arguments: list[str]) -> int:
    """Do what was asked for, and say what is wrong."""
    settings.configure(USE_I18N=True)  # Django reads its templates' language only with settings
    if arguments == ["update"]:
        for code in others():
            update(code=code, locale=ROOT / "locale")
        return 0
    if arguments != ["check"]:
        print(__doc__, file=sys.stderr)
        return 2
    wrong = [line for code in others() for line in complaints(code=code, locale=ROOT / "locale")]
    print("\n".join(wrong) or "Every catalogue says everything.", file=sys.stderr if wrong else sys.stdout)
    return 1 if wrong else 0


def others() -> list[str]:
    """List the languages that need a catalogue."""
    return [code for code in SPOKEN if code != "en"]


def update(*, code: str, locale: Path) -> None:
    """Bring a catalogue up to date with the texts, or begin it; what is no longer said is dropped."""
    compiled = catalogue(folder=locale, code=code)
    written = compiled.with_suffix(".po")
    held = read(path=written, code=code)
    held.update(wanted(), no_fuzzy_matching=True, update_creation_date=False)
    held.obsolete.clear()
    written.parent.mkdir(parents=True, exist_ok=True)
    with written.open("wb") as file:
        write_po(file, held, width=118, omit_header=False, include_lineno=False)
    compiled.write_bytes(compile_catalogue(held=held))


def complaints(*, code: str, locale: Path) -> Iterator[str]:
    """Say what a catalogue lacks; a language that has none is not offered, and lacks nothing."""
    compiled = catalogue(folder=locale, code=code)
    written = compiled.with_suffix(".po")
    if not written.exists() and not compiled.exists():
        return
    held = read(path=written, code=code)
    for message in wanted():
        if message.id:
            yield from (f"{code}: {fault}: {message.id!r}" for fault in faults(message=message, held=held))
    if not compiled.exists() or compiled.read_bytes() != compile_catalogue(held=held):
        yield f"{code}: {compiled.name} is not what {written.name} says: run `make catalogues`"


def faults(*, message: Message, held: Catalog) -> Iterator[str]:
    """Say what is wrong with one text in a catalogue."""
    found = held.get(message.id, message.context)
    if found is None:
        yield "is missing"
        return
    said = found.string if isinstance(found.string, list | tuple) else [found.string]
    if not all(said):
        yield "is not translated"
    elif found.fuzzy:
        yield "is marked as fuzzy, so it is not used"
    else:
        yield from (str(error) for error in alike(message=found, held=held).check(held))


def alike(*, message: Message, held: Catalog) -> Message:
    """Give a text as its translation is compared to it: a language of one form says the plural, whatever the number."""
    if held.num_plurals > 1 or isinstance(message.id, str):
        return message
    plural = message.id[1]
    return Message((plural, plural), message.string, flags=message.flags, context=message.context)


def wanted() -> Catalog:
    """Collect every text that is marked for translation."""
    texts = Catalog(header_comment=NOTE)
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            for where, said, context in marked_texts(path=path):
                texts.add(said, None, locations=[(where, 1)], context=context)
    return texts


def marked_texts(*, path: Path) -> Iterator[Text]:
    """Find the marked texts of one file: a module, or a template of a page or a mail."""
    if path.suffix not in {".py", ".html", ".txt"}:
        return
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        # Django turns a template into calls amid noise. Without the indents a reader of Python takes it, too.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _, said, _, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        yield path.relative_to(ROOT).as_posix(), said, context


def read(*, path: Path, code: str) -> Catalog:
    """Read a catalogue; one that is not there is empty."""
    name = path.parent.parent.name
    if not path.exists():
        return Catalog(locale=name, header_comment=NOTE, project="Postprint", language_team=SPOKEN[code], fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=name)


def compile_catalogue(*, held: Catalog) -> bytes:
    """Give a catalogue as Django reads it."""
    file = BytesIO()
    write_mo(file, held)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
