"""The reader's page: staff see everything about a reader, and change what the reader could, by the same rules."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client

from digest.models import Digest
from subscriptions.admin import readers
from subscriptions.models import ConsentEvent, InterestProfile, LibraryPaper, Subscriber
from tests.builders import NOW, make_profile, make_reader
from tests.unit.admin.conftest import messages_of
from tests.unit.admin.rows import list_url, make_consent, make_digest, make_suppression, page_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def reader() -> Subscriber:
    return make_reader(
        email="ada@example.org",
        next_digest_at=datetime(2026, 6, 10, 8, tzinfo=UTC),
        profiles=[
            {"name": "Models", "keywords": ["state space model"], "categories": ["cs.CL"], "likes": ["2406.01234"]}
        ],
    )


def as_shown(page: Any) -> dict[str, Any]:
    """Collect what a browser would send back if its button were pressed at once."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for box in form:
            value = box.value()
            if value is not None and value is not False:  # an empty box that is not ticked sends nothing
                data[box.html_name] = value
    return data


def save(client: Client, reader: Subscriber, **changes: Any) -> Any:
    shown = as_shown(client.get(page_url(reader)))
    data = {name: value for name, value in {**shown, **changes}.items() if value is not None}
    return client.post(page_url(reader), data, follow=True)


def test_the_page_shows_interests_library_consent_and_digests(staff_client: Client, reader: Subscriber) -> None:
    make_consent(reader=reader, wording="I want papers")
    make_digest(reader=reader, status="empty", empty_reason="It was a holiday.")

    page = staff_client.get(page_url(reader)).content.decode()

    for text in ("ada@example.org", "state space model", "2406.01234", "I want papers", "It was a holiday."):
        assert text in page


def test_papers_the_reader_does_not_want_are_shown_and_not_mixed_with_the_liked(
    staff_client: Client, reader: Subscriber
) -> None:
    profile = reader.profiles.get()
    LibraryPaper.objects.create(profile=profile, scheme="arxiv", value="2406.09999", stance="disliked", added_at=NOW)

    page = staff_client.get(page_url(reader))

    assert "arxiv:2406.09999" in page.content.decode()
    assert as_shown(page)["profiles-0-papers"] == "2406.01234"


def test_what_is_known_of_the_liked_papers_is_shown(staff_client: Client, reader: Subscriber) -> None:
    profile = reader.profiles.get()
    profile.library.update(state="known", title="Reading <long> documents")
    LibraryPaper.objects.create(profile=profile, scheme="arxiv", value="2406.09999", state="unknown", added_at=NOW)

    page = staff_client.get(page_url(reader)).content.decode()

    assert "arxiv:2406.01234 (Reading &lt;long&gt; documents)" in page
    assert "arxiv:2406.09999 (arXiv does not know this id)" in page


def test_a_new_hour_moves_the_next_digest(staff_client: Client, reader: Subscriber) -> None:
    save(staff_client, reader, hour="17")

    reader.refresh_from_db()
    assert (reader.hour, reader.next_digest_at) == (17, datetime(2026, 6, 9, 17, tzinfo=UTC))


def test_a_new_zone_moves_the_next_digest(staff_client: Client, reader: Subscriber) -> None:
    save(staff_client, reader, timezone="Asia/Kolkata")

    reader.refresh_from_db()
    assert reader.next_digest_at == datetime(2026, 6, 10, 2, 30, tzinfo=UTC)


def test_a_zone_that_is_in_no_list_of_places_is_kept(staff_client: Client, reader: Subscriber) -> None:
    Subscriber.objects.filter(pk=reader.pk).update(timezone="Etc/GMT+3")

    save(staff_client, reader, max_papers="5")

    reader.refresh_from_db()
    assert (reader.timezone, reader.max_papers) == ("Etc/GMT+3", 5)


def test_a_pause_set_by_staff_holds_the_next_digest_back(staff_client: Client, reader: Subscriber) -> None:
    save(staff_client, reader, paused_until="2026-06-20")

    reader.refresh_from_db()
    assert (reader.paused_until, reader.next_digest_at) == (date(2026, 6, 20), datetime(2026, 6, 20, 8, tzinfo=UTC))


def test_a_pause_that_is_over_already_is_refused_and_nothing_is_saved(staff_client: Client, reader: Subscriber) -> None:
    page = save(staff_client, reader, paused_until="2026-06-01", hour="17")

    reader.refresh_from_db()
    assert (reader.paused_until, reader.hour) == (None, 8)
    assert "Nothing was saved. Please choose a day after today." in messages_of(page)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hour", "24", "24 is not one of the available choices"),
        ("timezone", "Mars/Olympus", "“Mars/Olympus” is no time zone that we know."),
        ("max_papers", "101", "less than or equal to 100"),
        ("cadence", "chosen", "at least one day of the week"),
        ("profiles-0-categories", "cs.CL\ncs.XX", "“cs.XX” is no category of arXiv."),
        ("profiles-0-papers", "hello", "No arXiv id, DOI or link to a paper: “hello”."),
        ("profiles-0-keywords", "-survey", "without a minus"),
        ("profiles-0-keywords", "k" * 101, "100 characters at most"),
        ("profiles-0-name", "", "This field is required."),
    ],
)
def test_what_a_reader_may_not_enter_staff_may_not_either(
    staff_client: Client, reader: Subscriber, field: str, value: str, said: str
) -> None:
    before = Subscriber.objects.values().get(pk=reader.pk)

    page = save(staff_client, reader, **{field: value})

    assert said in page.content.decode()
    assert Subscriber.objects.values().get(pk=reader.pk) == before


def test_the_lists_of_an_interest_are_edited_one_item_a_line(staff_client: Client, reader: Subscriber) -> None:
    lists = {
        "profiles-0-keywords": "state space model\r\nlong context",
        "profiles-0-exclude": "survey",
        "profiles-0-authors": "A. Lovelace\r\nB. Sample",
        "profiles-0-categories": "cs.cl\r\nstat.ML",
        "profiles-0-papers": "https://arxiv.org/abs/2406.05678v2",
    }

    save(staff_client, reader, **lists)

    profile = reader.profiles.get()
    assert (profile.keywords, profile.exclude) == (["state space model", "long context"], ["survey"])
    assert (profile.authors, profile.categories) == (["A. Lovelace", "B. Sample"], ["cs.CL", "stat.ML"])
    assert [str(paper) for paper in profile.library.all()] == ["arxiv:2406.05678"]


def test_an_interest_that_was_not_touched_is_not_written_again(staff_client: Client, reader: Subscriber) -> None:
    InterestProfile.objects.update(updated_at=datetime(2026, 1, 1, tzinfo=UTC))

    save(staff_client, reader, hour="9")

    assert reader.profiles.get().updated_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert LogEntry.objects.get().get_change_message() == "Changed hour."


def test_a_category_that_arxiv_does_not_have_may_stay_where_it_was_imported(
    staff_client: Client, reader: Subscriber
) -> None:
    InterestProfile.objects.update(categories=["bio.XY"])

    save(staff_client, reader, **{"profiles-0-description": "Cells"})

    assert reader.profiles.get().categories == ["bio.XY"]


def test_a_list_longer_than_anyone_types_can_still_be_saved(staff_client: Client, reader: Subscriber) -> None:
    InterestProfile.objects.update(keywords=[f"word {number}" for number in range(300)])

    save(staff_client, reader, **{"profiles-0-description": "Much"})

    assert reader.profiles.get().description == "Much"


def test_staff_add_an_interest(staff_client: Client, reader: Subscriber) -> None:
    new = {"profiles-TOTAL_FORMS": "2", "profiles-1-name": "Graphs", "profiles-1-keywords": "graph"}

    save(staff_client, reader, **new, **{"profiles-1-pickiness": "picky", "profiles-1-active": "on"})

    added = reader.profiles.get(name="Graphs")
    assert (added.keywords, added.pickiness, added.created_at) == (["graph"], "picky", NOW)


def test_two_interests_of_one_name_are_refused(staff_client: Client, reader: Subscriber) -> None:
    new = {"profiles-TOTAL_FORMS": "2", "profiles-1-name": "Models", "profiles-1-pickiness": "balanced"}

    page = save(staff_client, reader, **new)

    assert "duplicate" in page.content.decode()
    assert reader.profiles.count() == 1


def test_two_interests_may_swap_their_names_only_one_after_the_other(staff_client: Client, reader: Subscriber) -> None:
    make_profile(reader=reader, name="Graphs")

    page = save(staff_client, reader, **{"profiles-0-name": "Graphs", "profiles-1-name": "Models"})

    assert "Nothing was saved. Another of your interests has this name." in messages_of(page)
    assert list(reader.profiles.order_by("pk").values_list("name", flat=True)) == ["Models", "Graphs"]


def test_staff_delete_an_interest(staff_client: Client, reader: Subscriber) -> None:
    save(staff_client, reader, **{"profiles-0-DELETE": "on"})

    assert not reader.profiles.exists()


def test_what_staff_change_is_in_the_log_without_the_address(staff_client: Client, reader: Subscriber) -> None:
    save(staff_client, reader, hour="9", **{"profiles-0-keywords": "graph"})

    entry = LogEntry.objects.get()
    assert entry.get_change_message() == "Changed hour. Changed keywords for interest “Models”."
    assert "ada@example.org" not in entry.object_repr


def test_the_address_cannot_be_changed_by_staff(staff_client: Client, reader: Subscriber) -> None:
    save(staff_client, reader, email="eve@example.org")

    reader.refresh_from_db()
    assert reader.email == "ada@example.org"


def test_nobody_can_be_added_who_did_not_sign_up(staff_client: Client) -> None:
    assert staff_client.get("/admin/subscriptions/subscriber/add/").status_code == 403


def test_deleting_a_reader_erases_them_and_keeps_the_proof(staff_client: Client, reader: Subscriber) -> None:
    make_consent(reader=reader)
    make_digest(reader=reader)

    staff_client.post(f"/admin/subscriptions/subscriber/{reader.pk}/delete/", {"post": "yes"})

    assert not Subscriber.objects.exists()
    assert list(ConsentEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["confirmed", "erased"]


def test_deleting_several_readers_erases_each(staff_client: Client, reader: Subscriber) -> None:
    other = make_reader()
    chosen = {"action": "delete_selected", "_selected_action": [reader.pk, other.pk], "post": "yes"}

    staff_client.post(list_url(Subscriber), chosen)

    assert not Subscriber.objects.exists()
    assert ConsentEvent.objects.filter(kind="erased").count() == 2


def test_more_readers_than_one_click_may_erase_are_left_alone(
    staff_client: Client, reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MOST_AT_ONCE", 1)
    chosen = {"action": "delete_selected", "_selected_action": [reader.pk, make_reader().pk], "post": "yes"}

    page = staff_client.post(list_url(Subscriber), chosen)

    assert "more than 1 readers at once" in page.content.decode()
    assert Subscriber.objects.count() == 2


def test_the_page_leads_to_all_digests_of_the_reader_and_of_nobody_else(
    staff_client: Client, reader: Subscriber
) -> None:
    wanted = make_digest(reader=reader)
    make_digest(reader=make_reader())

    link = f"{list_url(Digest)}?subscriber__id__exact={reader.pk}"
    assert link in staff_client.get(page_url(reader)).content.decode()
    assert list(staff_client.get(link).context["cl"].result_list) == [wanted]


def test_the_question_before_deleting_says_what_goes_and_what_stays(staff_client: Client, reader: Subscriber) -> None:
    make_digest(reader=reader)

    page = staff_client.get(f"/admin/subscriptions/subscriber/{reader.pk}/delete/").content.decode()

    assert "ada@example.org: preferences, interests, digests and their mails" in page
    assert "What stays: the proof of consent" in page


@pytest.mark.parametrize("words", ["ada@example.org", "ADA@Example.org", "  ada@example.org ", "ada@", "ad"])
def test_a_reader_is_found_by_address_or_its_beginning(staff_client: Client, reader: Subscriber, words: str) -> None:
    make_reader(email="eve@example.org")

    page = staff_client.get(list_url(Subscriber), {"q": words})

    assert [found.pk for found in page.context["cl"].result_list] == [reader.pk]


def test_a_whole_address_finds_no_longer_one(staff_client: Client, reader: Subscriber) -> None:
    make_reader(email="ada@example.org.example.net")

    page = staff_client.get(list_url(Subscriber), {"q": "ada@example.org"})

    assert [found.pk for found in page.context["cl"].result_list] == [reader.pk]


def test_a_reader_is_found_by_number(staff_client: Client, reader: Subscriber) -> None:
    make_reader()

    page = staff_client.get(list_url(Subscriber), {"q": f"#{reader.pk}"})

    assert [found.pk for found in page.context["cl"].result_list] == [reader.pk]


@pytest.mark.parametrize("words", ["example.org", "%", "da@", "999999", "no@where.example.org"])
def test_words_that_name_no_reader_find_none(staff_client: Client, reader: Subscriber, words: str) -> None:
    page = staff_client.get(list_url(Subscriber), {"q": words})

    assert not page.context["cl"].result_list


@pytest.mark.parametrize("state", ["paused", "suppressed", "due"])
def test_the_list_can_be_narrowed_to_readers_who_get_nothing(
    staff_client: Client, reader: Subscriber, state: str
) -> None:
    paused = make_reader(next_digest_at=None, paused_until=date(2026, 6, 20))
    suppressed = make_reader(next_digest_at=None)
    make_suppression(reader=suppressed)
    due = make_reader(next_digest_at=NOW)

    page = staff_client.get(list_url(Subscriber), {"state": state})

    expected = {"paused": paused, "suppressed": suppressed, "due": due}[state]
    assert [found.pk for found in page.context["cl"].result_list] == [expected.pk]


def test_a_lifted_suppression_is_none(staff_client: Client, reader: Subscriber) -> None:
    make_suppression(reader=reader, lifted_at=NOW)

    page = staff_client.get(list_url(Subscriber), {"state": "suppressed"})

    assert not page.context["cl"].result_list


def test_the_page_says_why_an_address_is_suppressed(staff_client: Client, reader: Subscriber) -> None:
    make_suppression(reader=reader, detail="550 no such user")

    page = staff_client.get(page_url(reader)).content.decode()

    assert "The address does not exist, 09 June 2026. 550 no such user" in page


def test_staff_switch_fading_and_sharing_for_a_reader_who_asked_and_the_consent_says_so(
    staff_client: Client, reader: Subscriber
) -> None:
    save(staff_client, reader, **{"shares_taste": "on", "profiles-0-fades": None})

    reader.refresh_from_db()
    event = ConsentEvent.objects.get(kind="taste_shared")
    assert reader.shares_taste
    assert not reader.profiles.get().fades
    assert event.wording == readers.ON_REQUEST
