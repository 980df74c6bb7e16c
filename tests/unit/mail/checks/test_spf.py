"""SPF records as a receiving server reads them, asked over the wire."""

from collections.abc import Callable

import pytest

from digest.mail.checks import spf
from digest.mail.checks.finding import Finding, Level
from digest.mail.checks.names import Names
from tests.unit.mail.checks.conftest import DOMAIN, IP, make_sender, words

NamesOf = Callable[..., Names]


def look(names: Names, **fields: object) -> list[Finding]:
    return list(spf.check(sender=make_sender(**fields), names=names))


def with_record(text: str) -> dict[tuple[str, str], list[str]]:
    return {(DOMAIN, "TXT"): [text]}


def test_a_right_record_is_fine(names_of: NamesOf) -> None:
    found = look(names_of())

    assert [each.level for each in found] == [Level.FINE]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("v=spf1 +all", "lets every server of the world send"),
        ("v=spf1 include:open.example.net -all", "lets every server of the world send"),
        ("v=spf1 ip4:203.0.113.9 -all", f"does not let {IP} send: fail"),
        ("v=spf1 ip4:203.0.113.9 ~all", f"does not let {IP} send: softfail"),
        ("v=spf1 mx -all ip4:203.0.113.9", "“ip4:203.0.113.9” stands after “all”"),
        ("v=spf1 mx foo:bar -all", "“foo:bar”, which is no word of SPF"),
        ("v=spf1 ip4:198.51.100 -all", "no IPv4 address"),
        ("v=spf1 ip6:198.51.100.7 -all", "no IPv6 address"),
        ("v=spf1 a/40 -all", "a prefix that no address has"),
        ("v=spf1 include: -all", "does not say of which domain"),
        ("v=spf1 include:gone.example.net -all", "leads to gone.example.net, which has no SPF record"),
        ("v=spf1 redirect=gone.example.net", "leads to gone.example.net, which has no SPF record"),
        (f"v=spf1 include:{DOMAIN} -all", "receiving servers stop at 10"),
        ("v=spf1 a:no1.example a:no2.example a:no3.example mx -all", "more than 2 names that are not there"),
    ],
)
def test_what_is_wrong_with_a_record_is_told_apart(names_of: NamesOf, record: str, said: str) -> None:
    names = names_of({**with_record(record), ("open.example.net", "TXT"): ["v=spf1 +all"]})

    assert said in words(look(names), level=Level.WRONG)


@pytest.mark.parametrize(
    "record",
    [
        f"v=spf1 ip4:{IP} -all",
        "v=spf1 ip4:198.51.100.0/24 -all",
        "V=SPF1 A:mail.example.org -ALL",
        "v=spf1 mx/24 ~all",
        "v=spf1 ptr -all",
        "v=spf1 -ip4:203.0.113.9 include:names.example.net -all",
        "v=spf1 redirect=names.example.net",
        "v=spf1 exists:mail.example.org -all",
        "v=spf1 exists:%{i}.example.net mx exp=why.example.net -all",
    ],
)
def test_each_way_of_naming_the_sending_address_lets_it_send(names_of: NamesOf, record: str) -> None:
    names = names_of({**with_record(record), ("names.example.net", "TXT"): [f"v=spf1 ip4:{IP} -all"]})

    said = words(look(names), level=Level.FINE)

    assert f"{IP} may send" in said


def test_no_record_and_several_are_told_apart(names_of: NamesOf) -> None:
    none = look(names_of({(DOMAIN, "TXT"): ["something else"]}))
    several = look(names_of({(DOMAIN, "TXT"): ["v=spf1 -all", "v=spf1 mx -all"]}))

    assert "has no SPF record" in words(none, level=Level.WRONG)
    assert "has 2 SPF records" in words(several, level=Level.WRONG)


@pytest.mark.parametrize(("n_includes", "is_wrong"), [(9, False), (10, True)])
def test_ten_lookups_are_allowed_and_eleven_are_not(names_of: NamesOf, n_includes: int, is_wrong: bool) -> None:
    included = {(f"i{number}.example.net", "TXT"): ["v=spf1 ip4:203.0.113.9 -all"] for number in range(n_includes)}
    record = " ".join(f"include:{name}" for name, _ in included)

    found = look(names_of({**included, **with_record(f"v=spf1 mx {record} -all")}))

    assert ("needs 11 lookups" in words(found, level=Level.WRONG)) == is_wrong


@pytest.mark.parametrize("end", ["", " ?all"])
def test_a_record_without_a_word_for_others_is_only_noted(names_of: NamesOf, end: str) -> None:
    found = look(names_of(with_record(f"v=spf1 mx{end}")))

    assert "Make it" in words(found, level=Level.NOTE) or "End it" in words(found, level=Level.NOTE)
    assert not words(found, level=Level.WRONG)


def test_without_an_address_of_ours_the_record_alone_is_looked_at(names_of: NamesOf) -> None:
    found = look(names_of(), ips=())

    assert "was not checked" in words(found, level=Level.NOTE)


def test_a_sending_address_of_version_6_is_tried_as_such(names_of: NamesOf) -> None:
    found = look(names_of(with_record("v=spf1 ip6:2001:db8:7::/48 -all")), ips=("2001:db8:7::1",))

    assert "may send" in words(found, level=Level.FINE)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ("v=spf1 exists:%{i}._spf.%{d} -all", True),
        ("v=spf1 include:%{ir}.%{v}.%{d}.hosted.example.net -all", True),
        ("v=spf1 redirect=_spf.%{d2}", True),
        ("v=spf1 exists:%{i}._other.%{d} -all", False),
        ("v=spf1 exists:%{l}._spf.%{d} -all", False),  # other for each mail
        ("v=spf1 redirect=%{s}", False),
    ],
)
def test_macros_that_name_the_address_or_the_domain_are_followed(names_of: NamesOf, record: str, found: bool) -> None:
    zone = {
        (f"{IP}._spf.{DOMAIN}", "A"): ["127.0.0.2"],
        (f"7.100.51.198.in-addr.{DOMAIN}.hosted.example.net", "TXT"): [f"v=spf1 ip4:{IP} -all"],
        ("_spf.example.org", "TXT"): ["v=spf1 mx:papers.example.org -all"],
    }

    result = spf.result(domain=DOMAIN, ip=IP, names=names_of({**with_record(record), **zone}))

    assert (result == "pass") is found


@pytest.mark.parametrize("word", ["%{x}", "%{i", "%d", "%", "%{d0}"])
def test_what_is_no_macro_is_told(names_of: NamesOf, word: str) -> None:
    found = look(names_of(with_record(f"v=spf1 exists:{word} -all")))

    assert "which is no macro" in words(found, level=Level.WRONG)
