"""The sign-up page, the page after it, and asking for a fresh link."""

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from subscriptions.limits import PER_NETWORK
from subscriptions.models import ConsentEvent, InterestProfile, OutgoingMail, RateWindow, Subscriber
from subscriptions.views.sign_up import consent_wording

pytestmark = pytest.mark.django_db

HOSTILE = {
    "a header": "Ada\r\nBcc: all@example.org",
    "a null character": "Ada\x00",
    "a direction override": "Ada\u202egpj.exe",
    "a tag": "<script>alert(1)</script>",
    "a template": "{{ settings.SECRET_KEY }}{% debug %}",
    "SQL": "'; DROP TABLE subscriptions_subscriber; --",
    "half a character": "\\ud83d",
    "far too much": "a" * 120_000,
}
EVERY_FIELD = [
    "email", "keywords", "exclude", "authors", "description", "papers", "categories", "pickiness",
    "cadence", "weekdays", "hour", "timezone", "max_papers", "trending", "tell_when_empty",
]  # fmt: skip


def test_an_address_is_enough_and_waits_for_its_confirmation(client: Client) -> None:
    answer = client.post(reverse("sign_up"), {"email": "grace@example.org"})

    assert answer.status_code == 302
    assert answer["Location"] == reverse("check_mail")
    assert Subscriber.objects.get().status == Subscriber.Status.PENDING
    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.CONFIRM


def test_interests_come_along(client: Client) -> None:
    client.post(reverse("sign_up"), {"email": "grace@example.org", "categories": ["cs.PL"], "keywords": "compilers"})

    profile = InterestProfile.objects.get()
    assert (profile.categories, profile.keywords) == (["cs.PL"], ["compilers"])


def test_what_is_shown_under_the_button_is_what_is_kept_as_agreed(client: Client) -> None:
    shown = client.get(reverse("sign_up")).content.decode()

    client.post(reverse("sign_up"), {"email": "grace@example.org"})

    assert consent_wording() in shown
    assert ConsentEvent.objects.get().wording == consent_wording()


def test_nobody_learns_from_the_answer_whether_an_address_is_known(client: Client, reader: Subscriber) -> None:
    known = client.post(reverse("sign_up"), {"email": reader.email}, follow=True)
    unknown = client.post(reverse("sign_up"), {"email": "nobody@example.org"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content


def test_a_machine_that_fills_in_the_hidden_field_gets_the_same_answer_and_nothing_is_written(client: Client) -> None:
    honest = client.post(reverse("sign_up"), {"email": "grace@example.org"})
    before = (Subscriber.objects.count(), OutgoingMail.objects.count(), RateWindow.objects.count())

    trapped = client.post(reverse("sign_up"), {"email": "bot@example.org", "website": "https://spam.example"})

    assert (trapped.status_code, trapped["Location"]) == (honest.status_code, honest["Location"])
    assert (Subscriber.objects.count(), OutgoingMail.objects.count(), RateWindow.objects.count()) == before


def test_the_hidden_field_cannot_be_reached_by_eye_keyboard_or_screen_reader(client: Client) -> None:
    page = client.get(reverse("sign_up")).content.decode()

    assert '<div class="trap" aria-hidden="true">' in page
    assert 'name="website" tabindex="-1" autocomplete="off"' in page


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "ada@example", "a@example.org, b@example.org", "ada@exam ple.org"]
)
def test_what_is_no_address_is_refused_in_words_and_kept_in_the_field(client: Client, email: str) -> None:
    answer = client.post(reverse("sign_up"), {"email": email, "keywords": "compilers"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="id_email_error"' in page
    assert f'value="{email}"' in page or not email
    assert "compilers</textarea>" in page


def test_an_error_is_summed_up_on_top_and_takes_the_focus(client: Client) -> None:
    page = client.post(reverse("sign_up"), {"email": "ada", "hour": "99", "cadence": "daily"}).content.decode()

    assert 'role="alert" tabindex="-1" autofocus' in page
    assert 'href="#id_email"' in page
    assert 'href="#id_hour"' in page
    assert 'aria-describedby="id_email_error"' in page


@pytest.mark.parametrize("field", EVERY_FIELD)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_in_any_field_is_refused_or_kept_harmless(client: Client, field: str, text: str) -> None:
    answer = client.post(reverse("sign_up"), {"email": "grace@example.org", field: text})

    assert answer.status_code in {302, 400}
    assert "<script>alert" not in answer.content.decode()
    if answer.status_code == 400:
        assert not Subscriber.objects.exists()


def test_more_fields_than_a_form_has_are_refused(client: Client) -> None:
    answer = client.post(reverse("sign_up"), {f"field{n}": "x" for n in range(1500)})

    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    answer = client.post(reverse("sign_up"), {"email": "grace@example.org", "keywords": "a" * 300_000})

    assert answer.status_code == 400


def test_too_many_sign_ups_from_one_network_are_told_to_wait(client: Client) -> None:
    for number in range(PER_NETWORK[0]):
        client.post(reverse("sign_up"), {"email": f"reader{number}@example.org"})

    answer = client.post(reverse("sign_up"), {"email": "one-more@example.org"})

    assert answer.status_code == 429
    assert "one-more@example.org" in answer.content.decode()


@pytest.mark.parametrize(
    ("demo", "provider", "there"), [(True, "file", True), (True, "smtp", False), (False, "file", False)]
)
def test_only_the_demo_points_at_its_inbox(
    client: Client, settings: LazySettings, demo: bool, provider: str, there: bool
) -> None:
    settings.DEMO, settings.EMAIL_PROVIDER = demo, provider

    page = client.get(reverse("check_mail")).content.decode()

    assert (reverse("inbox") in page) is there


def test_a_fresh_link_is_mailed_to_a_reader(client: Client, reader: Subscriber) -> None:
    answer = client.post(reverse("new_link"), {"email": reader.email})

    assert answer["Location"] == reverse("check_mail")
    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.MANAGE


def test_asking_for_a_link_tells_nobody_who_reads(client: Client, reader: Subscriber) -> None:
    known = client.post(reverse("new_link"), {"email": reader.email}, follow=True)
    unknown = client.post(reverse("new_link"), {"email": "nobody@example.org"}, follow=True)

    assert known.content == unknown.content
    assert OutgoingMail.objects.count() == 1


def test_asking_for_a_link_without_an_address_is_refused_in_words(client: Client) -> None:
    answer = client.post(reverse("new_link"), {"email": "ada"})

    assert answer.status_code == 400
    assert 'value="ada"' in answer.content.decode()


@pytest.mark.parametrize("name", ["sign_up", "sign_up_preview", "new_link", "set_language"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_not_taken(client: Client, name: str, headers: dict[str, str]) -> None:
    answer = client.post(reverse(name), {"email": "grace@example.org"}, headers=headers)

    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"origin": "http://testserver", "sec-fetch-site": "same-origin"}])
def test_our_own_form_needs_no_cookie_and_sets_none(headers: dict[str, str]) -> None:
    browser = Client(enforce_csrf_checks=True)

    shown = browser.get(reverse("sign_up"))
    answer = browser.post(reverse("sign_up"), {"email": "grace@example.org"}, headers=headers)

    assert answer["Location"] == reverse("check_mail")
    assert not shown.cookies
    assert not answer.cookies


def test_the_privacy_page_names_who_runs_the_site(client: Client, settings: LazySettings) -> None:
    settings.POSTAL_ADDRESS, settings.CONTACT_EMAIL = "1 Paper Lane, Exampleton", "hello@example.org"

    page = client.get(reverse("privacy")).content.decode()

    assert "1 Paper Lane, Exampleton" in page
    assert "mailto:hello@example.org" in page


def test_all_that_a_form_takes_stands_on_its_page(client: Client) -> None:
    page = client.get(reverse("sign_up")).content.decode()

    assert [field for field in EVERY_FIELD if f'name="{field}"' not in page] == []
