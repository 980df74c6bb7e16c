"""The check of the catalogues: every text of the site, in every language that is offered."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from digest.languages import catalogue
from tools import catalogues

TEXTS = {"one page": "eine Seite", "for %(name)s": "für %(name)s"}


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that says two things."""
    said = Catalog()
    for text in TEXTS:
        said.add(text)
    monkeypatch.setattr(catalogues, "wanted", lambda: said)


def complain(folder: Path) -> list[str]:
    return list(catalogues.complaints(code="de", locale=folder))


def write(folder: Path, texts: dict[str, str], *, fuzzy: bool = False) -> None:
    """Write a German catalogue, and compile it."""
    held = Catalog(locale="de")
    for text, meant in texts.items():
        held.add(text, meant, flags={"fuzzy"} if fuzzy else ())
    compiled = catalogue(folder=folder, code="de")
    compiled.parent.mkdir(parents=True)
    with compiled.with_suffix(".po").open("wb") as file:
        write_po(file, held)
    compiled.write_bytes(catalogues.compile_catalogue(held=held))


def test_a_catalogue_that_says_everything_is_left_in_peace(texts: None, tmp_path: Path) -> None:
    write(tmp_path, TEXTS)

    assert complain(tmp_path) == []


def test_a_language_without_a_catalogue_lacks_nothing(texts: None, tmp_path: Path) -> None:
    assert complain(tmp_path) == []


@pytest.mark.parametrize(
    ("meant", "fault"),
    [
        ({"one page": "eine Seite"}, "is missing"),
        ({**TEXTS, "for %(name)s": ""}, "is not translated"),
        ({**TEXTS, "for %(name)s": "für %(nam)s"}, "unknown named placeholder"),
    ],
)
def test_a_text_that_is_missing_empty_or_broken_is_named(
    texts: None, tmp_path: Path, meant: dict[str, str], fault: str
) -> None:
    write(tmp_path, meant)

    (complaint,) = complain(tmp_path)
    assert fault in complaint
    assert "for %(name)s" in complaint


@pytest.mark.parametrize(("meant", "n_faults"), [("%(n)s 页", 0), ("%(m)s 页", 1)])
def test_a_language_of_one_form_is_held_against_the_plural(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, meant: str, n_faults: int
) -> None:
    said = Catalog()
    said.add(("one page", "%(n)s pages"))
    monkeypatch.setattr(catalogues, "wanted", lambda: said)
    held = Catalog(locale="zh_Hans")
    held.add(("one page", "%(n)s pages"), (meant,))

    faults = [fault for message in said if message.id for fault in catalogues.faults(message=message, held=held)]

    assert len(faults) == n_faults


def test_a_guess_does_not_count_as_a_translation(texts: None, tmp_path: Path) -> None:
    write(tmp_path, TEXTS, fuzzy=True)

    assert sum("fuzzy" in complaint for complaint in complain(tmp_path)) == len(TEXTS)


def test_a_catalogue_that_was_changed_must_be_compiled_anew(texts: None, tmp_path: Path) -> None:
    write(tmp_path, TEXTS)
    catalogue(folder=tmp_path, code="de").write_bytes(b"old")

    (complaint,) = complain(tmp_path)

    assert "make catalogues" in complaint


def test_updating_adds_what_is_new_and_keeps_what_was_translated(texts: None, tmp_path: Path) -> None:
    write(tmp_path, {"one page": "eine Seite", "gone": "fort"})

    catalogues.update(code="de", locale=tmp_path)

    held = catalogues.read(path=catalogue(folder=tmp_path, code="de").with_suffix(".po"), code="de")
    assert {message.id: message.string for message in held if message.id} == {
        "one page": "eine Seite",
        "for %(name)s": "",
    }


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("a.html", "{% load i18n %}\n  {% translate 'one page' %}\n{# a note #}", "one page"),
        ("a.html", "{% load i18n %}{% blocktranslate with a=b %}for {{ a }}{% endblocktranslate %}", "for %(a)s"),
        (
            "a.html",
            "{% blocktranslate count n=n %}{{ n }} page{% plural %}{{ n }} pages{% endblocktranslate %}",
            ("%(n)s page", "%(n)s pages"),
        ),
        ("a.py", "label = gettext_lazy('one page')", "one page"),
    ],
)
def test_texts_are_found_in_modules_and_in_templates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, source: str, said: object
) -> None:
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    path = tmp_path / name
    path.write_text(source)

    assert [text for _, text, _ in catalogues.marked_texts(path=path)] == [said]
