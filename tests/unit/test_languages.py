"""The languages of the site: which are offered, and how one is chosen."""

from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils.translation import ngettext, override

from digest.languages import catalogue, offered_languages
from digest.mail.present import signal_in_words
from subscriptions.dates import day_of_year, full_day
from tools.catalogues import compile_catalogue

GERMAN = {"Subscribe": "Abonnieren", "Trending today": "Heute im Gespräch"}


@pytest.fixture
def german(settings: LazySettings, tmp_path: Path) -> None:
    """A site that has a German catalogue of a few words."""
    held = Catalog(locale="de")
    for said, meant in GERMAN.items():
        held.add(said, meant)
    path = catalogue(folder=tmp_path, code="de")
    path.parent.mkdir(parents=True)
    path.write_bytes(compile_catalogue(held=held))
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = offered_languages(folder=tmp_path)


@pytest.mark.parametrize(
    ("codes", "offered"), [([], ["en"]), (["de"], ["en", "de"]), (["zh-hans", "de"], ["en", "de", "zh-hans"])]
)
def test_a_language_is_offered_when_its_catalogue_is_there(
    tmp_path: Path, codes: list[str], offered: list[str]
) -> None:
    for code in codes:
        path = catalogue(folder=tmp_path, code=code)
        path.parent.mkdir(parents=True)
        path.touch()

    assert [code for code, _ in offered_languages(folder=tmp_path)] == offered


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "spoken"), [("de-CH, en;q=0.5", "de"), ("fr, de;q=0.5", "de"), ("fr", "en"), ("en, de;q=0.9", "en")]
)
def test_a_page_speaks_the_language_that_the_browser_asks_for(
    client: Client, german: None, asked: str, spoken: str
) -> None:
    answer = client.get(reverse("home"), headers={"accept-language": asked})

    page = answer.content.decode()
    assert f'<html lang="{spoken}">' in page
    assert ("Heute im Gespräch" in page) == (spoken == "de")
    assert answer["Content-Language"] == spoken


@pytest.mark.django_db
def test_a_language_that_was_chosen_stays_and_leads_back_to_the_page(client: Client, german: None) -> None:
    footer = client.get(reverse("privacy")).content.decode()

    answer = client.post(reverse("set_language"), {"language": "de", "next": reverse("privacy")})

    assert 'value="de" lang="de" >Deutsch</button>' in " ".join(footer.split())
    assert answer["Location"] == reverse("privacy")
    assert '<html lang="de">' in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(client: Client, german: None, away: str) -> None:
    answer = client.post(reverse("set_language"), {"language": "de", "next": away})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_where_there_is_one_language_there_is_nothing_to_choose(client: Client, settings: LazySettings) -> None:
    settings.LANGUAGES = [("en", "English")]

    assert reverse("set_language") not in client.get(reverse("home")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "spoken", "said"),
    [
        ("de", "de", "Heute viel beachtet"),
        ("zh-CN", "zh-hans", "今日热门"),
        ("en", "en", "Trending today"),
        ("eo", "en", "Trending today"),
    ],
)
def test_the_front_page_speaks_each_language_that_there_is(client: Client, asked: str, spoken: str, said: str) -> None:
    page = client.get(reverse("home"), headers={"accept-language": asked}).content.decode()

    assert f'<html lang="{spoken}">' in page
    assert said in page


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [("de", 1, "1 neues Paper"), ("de", 2, "2 neue Paper"), ("zh-hans", 1, "1 篇新论文"), ("zh-hans", 2, "2 篇新论文")],
)
def test_a_number_takes_the_form_of_its_language(code: str, number: int, said: str) -> None:
    with override(code):
        assert ngettext("%(n)d new paper", "%(n)d new papers", number) % {"n": number} == said


@pytest.mark.parametrize(
    ("code", "full", "near"),
    [
        ("en", "Friday, 20 November 2026", "Friday 20 November"),
        ("de", "Freitag, 20. November 2026", "Freitag, 20. November"),
        ("zh-hans", "2026年11月20日（星期五）", "11月20日（星期五）"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(code: str, full: str, near: str) -> None:
    day = date(2026, 11, 20)

    with override(code):
        assert (full_day(day=day), day_of_year(day=day)) == (full, near)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("1 upvote on Hugging Face", "1 Upvote bei Hugging Face"),
        ("1,180 stars on GitHub", "1,180 Sterne bei GitHub"),
        ("read by everybody", "read by everybody"),
    ],
)
def test_what_a_paper_trends_for_is_said_in_the_language_of_the_page(note: str, said: str) -> None:
    with override("de"):
        assert signal_in_words(note=note) == said
