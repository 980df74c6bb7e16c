"""The readers of environment variables: what they take, what they refuse, and that they never print a value."""

from collections.abc import Callable
from typing import Any

import pytest

from digest import environment as env

NAME = "POSTPRINT_EXAMPLE"


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the variable that the readers below read."""
    return lambda value: monkeypatch.setenv(NAME, value)


def test_a_variable_without_default_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)

    with pytest.raises(env.WrongSetting, match=f"{NAME} is not set"):
        env.text(NAME)


def test_an_empty_variable_counts_as_missing(say: Callable[[str], None]) -> None:
    say("  ")

    assert env.text(NAME, default="fallback") == "fallback"


@pytest.mark.parametrize(("value", "read"), [("1", True), ("True", True), ("on", True), ("0", False), ("NO", False)])
def test_a_flag_is_a_yes_or_a_no(say: Callable[[str], None], value: str, read: bool) -> None:
    say(value)

    assert env.flag(NAME, default=not read) is read


def test_words_lose_the_blanks_around_their_commas(say: Callable[[str], None]) -> None:
    say(" a.example , b.example,, ")

    assert env.words(NAME) == ["a.example", "b.example"]


@pytest.mark.parametrize("value", ["cs.CL", "hep-th", "cond-mat.str-el, q-bio.NC,physics.ao-ph", "astro-ph.GA"])
def test_arxiv_categories_are_read(say: Callable[[str], None], value: str) -> None:
    say(value)

    assert env.categories(NAME, default="cs.AI") == [word.strip() for word in value.split(",")]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("https://papers.example.org/", "https://papers.example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_site_address_is_a_scheme_and_a_host(say: Callable[[str], None], value: str, read: str) -> None:
    say(value)

    assert env.site_address(NAME) == read


def test_a_mailbox_with_a_plain_name_is_read(say: Callable[[str], None]) -> None:
    say("Postprint <digest@example.org>")

    assert env.mailbox(NAME) == "Postprint <digest@example.org>"


def test_a_domain_is_read_in_ascii_and_small_letters(say: Callable[[str], None]) -> None:
    say("Bücher.Example.org")

    assert env.domain(NAME) == "xn--bcher-kva.example.org"


def test_ip_addresses_are_read_in_their_shortest_form(say: Callable[[str], None]) -> None:
    say("192.0.2.1, 2001:db8:0::1")

    assert env.ip_addresses(NAME) == ["192.0.2.1", "2001:db8::1"]


def test_a_postgresql_address_is_read_with_its_escapes(say: Callable[[str], None]) -> None:
    say("postgres://ada:p%40ss@db.example:6432/postprint?sslmode=require")

    found = env.database(NAME, default="")

    assert (found["ENGINE"], found["USER"], found["PASSWORD"]) == ("django.db.backends.postgresql", "ada", "p@ss")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 6432, "postprint")
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(("value", "name"), [("sqlite:////tmp/x.db", "/tmp/x.db"), ("sqlite://:memory:", ":memory:")])
def test_a_sqlite_address_is_read(say: Callable[[str], None], value: str, name: str) -> None:
    say(value)

    assert env.database(NAME, default="")["NAME"] == name


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (lambda: env.flag(NAME, default=False), "maybe"),
        (lambda: env.number(NAME, default=0), "-1"),
        (lambda: env.number(NAME, default=0), "1.5"),
        (lambda: env.categories(NAME, default=""), "cs CL"),
        (lambda: env.categories(NAME, default=""), "cs.CL;rm"),
        (lambda: env.choice(NAME, among=("INFO", "DEBUG"), default="INFO"), "LOUD"),
        (lambda: env.site_address(NAME), "papers.example.org"),
        (lambda: env.site_address(NAME), "ftp://papers.example.org"),
        (lambda: env.site_address(NAME), "https://papers.example.org/digest"),
        (lambda: env.site_address(NAME), "https://papers.example.org:port"),
        (lambda: env.site_address(NAME), "https://"),
        (lambda: env.mail_address(NAME), "staff"),
        (lambda: env.mail_address(NAME), "Staff <staff@example.org>"),
        (lambda: env.mailbox(NAME), "Postprint"),
        (lambda: env.mailbox(NAME), "Postprint <digest@>"),
        (lambda: env.database(NAME, default=""), "s3cret-word"),
        (lambda: env.database(NAME, default=""), "mysql://ada:s3cret@db.example/postprint"),
        (lambda: env.database(NAME, default=""), "postgres://ada:s3cret@db.example:port/postprint"),
        (lambda: env.database(NAME, default=""), "postgres://ada:s3cret@db.example"),
        (lambda: env.database(NAME, default=""), "postgres:///postprint-s3cret"),
        (lambda: env.domain(NAME), "staff@example.org"),
        (lambda: env.domain(NAME), "https://example.org"),
        (lambda: env.ip_addresses(NAME), "192.0.2.1,mail.example.org"),
        (lambda: env.broker(NAME), "s3cret@cache.example"),
        (lambda: env.broker(NAME), "amqp://ada:s3cret@mq.example"),
        (lambda: env.broker(NAME), "redis://"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_not_repeated(
    say: Callable[[str], None], read: Callable[[], Any], wrong: str
) -> None:
    say(wrong)

    with pytest.raises(env.WrongSetting) as refusal:
        read()

    assert NAME in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


def test_a_secret_is_taken_as_it_stands(say: Callable[[str], None]) -> None:
    say("x7" * 16)

    assert env.secret(NAME) == "x7" * 16


@pytest.mark.parametrize("value", ["x", "changeme", "x" * 31])
def test_a_secret_that_could_be_guessed_is_refused_by_its_name(say: Callable[[str], None], value: str) -> None:
    say(value)

    with pytest.raises(env.WrongSetting, match=f"{NAME} must be 32 random characters or more"):
        env.secret(NAME)


@pytest.mark.parametrize("value", [",", " , ,"])
def test_a_list_of_no_categories_is_refused(say: Callable[[str], None], value: str) -> None:
    say(value)

    with pytest.raises(env.WrongSetting, match=NAME):
        env.categories(NAME, default="cs.AI")


def test_a_site_address_holds_no_password(say: Callable[[str], None]) -> None:
    say("https://user:word@papers.example.org")

    with pytest.raises(env.WrongSetting, match=NAME):
        env.site_address(NAME)


@pytest.mark.parametrize("value", ["sentence-transformers/all-MiniLM-L6-v2", "thenlper/gte-base", "our.lab/model_3"])
def test_a_model_is_a_publisher_and_a_name(say: Callable[[str], None], value: str) -> None:
    say(value)

    assert env.model(NAME) == value


@pytest.mark.parametrize(
    "value", ["MiniLM", "/models/minilm", "a/b/c", "two words/model", f"a/{'b' * 100}", "../model"]
)
def test_what_is_no_model_is_refused_by_the_variables_name(say: Callable[[str], None], value: str) -> None:
    say(value)

    with pytest.raises(env.WrongSetting, match=f"{NAME} must be the name of a model"):
        env.model(NAME)
