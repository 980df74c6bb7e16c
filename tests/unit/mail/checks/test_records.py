"""DKIM keys, DMARC policies, host names and mail servers, asked over the wire."""

from collections.abc import Callable, Sequence

import pytest

from digest.mail.checks import dkim, dmarc, hosts
from digest.mail.checks.finding import Finding, Level
from digest.mail.checks.names import Names
from tests.unit.mail.checks.conftest import DOMAIN, IP, KEY, make_sender, rsa_key, words

NamesOf = Callable[..., Names]
DKIM_NAME, DMARC_NAME = f"one._domainkey.{DOMAIN}", f"_dmarc.{DOMAIN}"
ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def levels(findings: Sequence[Finding]) -> list[Level]:
    return [finding.level for finding in findings]


# --- DKIM -----------------------------------------------------------------------------------


def keys(names: Names, **fields: object) -> list[Finding]:
    return list(dkim.check(sender=make_sender(**fields), names=names))


def test_a_long_key_is_fine(names_of: NamesOf) -> None:
    assert levels(keys(names_of())) == [Level.FINE]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (["v=DKIM1; p="], "was revoked"),
        ([f"v=DKIM1; p={rsa_key(512)}"], "too short: 512 bits"),
        ([f"v=DKIM1; p={rsa_key(2048)[:100]}"], "damaged or cut off"),
        (["v=DKIM1; p=***"], "damaged or cut off"),
        (["v=DKIM1; k=ed25519; p=AAAA"], "damaged or cut off"),
        (["v=DKIM2; p=AAAA"], "is no DKIM key"),
        (["hello"], "is no DKIM key"),
        ([KEY, KEY.replace("DKIM1", "DKIM1 ")], "There are 2 TXT records"),
        ([f"{KEY}; h=sha1"], "does not allow SHA-256"),
        ([f"{KEY}; s=chat"], "is not for e-mail"),
    ],
)
def test_what_is_wrong_with_a_key_is_told_apart(names_of: NamesOf, records: list[str], said: str) -> None:
    found = keys(names_of({(DKIM_NAME, "TXT"): records}))

    assert said in words(found, level=Level.WRONG)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (f"p={rsa_key(1024)}", "valid, but short: 1024 bits"),
        (f"v=DKIM1; k=ed25519; p={ED25519}", "do not read yet"),
        (f"{KEY}; t=y:s", "marked as a trial"),
    ],
)
def test_what_could_be_better_is_only_noted(names_of: NamesOf, record: str, said: str) -> None:
    found = keys(names_of({(DKIM_NAME, "TXT"): [record]}))

    assert said in words(found, level=Level.NOTE)
    assert Level.WRONG not in levels(found)


def test_a_selector_without_a_key_is_wrong_and_no_selector_is_noted(names_of: NamesOf) -> None:
    names = names_of()

    assert f"no DKIM key at two._domainkey.{DOMAIN}" in words(keys(names, selectors=("two",)), level=Level.WRONG)
    assert levels(keys(names, selectors=())) == [Level.NOTE]


# --- DMARC ----------------------------------------------------------------------------------


def policies(names: Names, **fields: object) -> list[Finding]:
    return list(dmarc.check(sender=make_sender(**fields), names=names))


def test_a_policy_that_fits_is_fine(names_of: NamesOf) -> None:
    assert set(levels(policies(names_of()))) == {Level.FINE}


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (["something else"], "There is no DMARC record"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "There are 2 DMARC records"),
        (["v=DMARC1; rua=mailto:a@example.org"], "has no p="),
        (["v=DMARC1; p=maybe"], "says p=maybe"),
    ],
)
def test_what_is_wrong_with_a_policy_is_told_apart(names_of: NamesOf, records: list[str], said: str) -> None:
    assert said in words(policies(names_of({(DMARC_NAME, "TXT"): records})), level=Level.WRONG)


def test_the_policy_of_the_organisation_holds_for_its_subdomains(names_of: NamesOf) -> None:
    zone = {(DMARC_NAME, "TXT"): ["none"], ("_dmarc.example.org", "TXT"): ["v=DMARC1; p=reject; rua=mailto:a@b.org"]}

    assert "_dmarc.example.org says p=reject" in words(policies(names_of(zone)), level=Level.FINE)


def test_the_policy_of_a_public_suffix_is_nobodys(names_of: NamesOf) -> None:
    zone = {("_dmarc.co.uk", "TXT"): ["v=DMARC1; p=reject"]}

    found = policies(names_of(zone), domain="papers.example.co.uk")

    assert "There is no DMARC record for papers.example.co.uk" in words(found, level=Level.WRONG)


@pytest.mark.parametrize(
    ("mode", "return_path", "dkim_domain", "level"),
    [
        ("r", "bounces.papers.example.org", DOMAIN, Level.FINE),
        ("s", "bounces.papers.example.org", DOMAIN, Level.NOTE),
        ("r", "bounces.provider.example.net", DOMAIN, Level.NOTE),
        ("r", DOMAIN, "provider.example.net", Level.NOTE),
        ("r", "bounces.provider.example.net", "provider.example.net", Level.WRONG),
        ("s", "bounces.papers.example.org", "example.org", Level.WRONG),
    ],
)
def test_from_must_fit_the_domain_of_spf_or_dkim(
    names_of: NamesOf, mode: str, return_path: str, dkim_domain: str, level: Level
) -> None:
    names = names_of({(DMARC_NAME, "TXT"): [f"v=DMARC1; p=none; rua=mailto:a@b.org; aspf={mode}; adkim={mode}"]})

    found = policies(names, return_path=return_path, dkim_domain=dkim_domain)

    assert levels(found)[-1] is level


# --- hosts ----------------------------------------------------------------------------------


def host_names(names: Names, **fields: object) -> list[Finding]:
    return list(hosts.check(sender=make_sender(**fields), names=names))


def test_an_address_whose_name_leads_back_to_it_is_fine(names_of: NamesOf) -> None:
    assert levels(host_names(names_of())) == [Level.FINE, Level.FINE]


def test_no_name_and_a_name_that_leads_elsewhere_are_told_apart(names_of: NamesOf) -> None:
    nameless = host_names(names_of(), ips=("198.51.100.8",))
    elsewhere = host_names(names_of({("mail.example.org", "A"): ["203.0.113.9"]}))

    assert "has no name (PTR record)" in words(nameless, level=Level.WRONG)
    assert f"calls itself mail.example.org, but that name does not lead back to {IP}" in words(
        elsewhere, level=Level.WRONG
    )


@pytest.mark.parametrize(
    ("zone", "level", "said"),
    [
        ({(DOMAIN, "MX"): ["0 ."]}, Level.WRONG, "takes no mail"),
        ({(DOMAIN, "MX"): []}, Level.WRONG, "neither an MX record nor an address"),
        ({(DOMAIN, "MX"): [], (DOMAIN, "A"): [IP]}, Level.NOTE, "no MX record"),
        ({(DOMAIN, "MX"): ["10 gone.example.org."]}, Level.WRONG, "gone.example.org, which has no address"),
    ],
)
def test_where_bounces_and_replies_go_is_looked_at(
    names_of: NamesOf, zone: dict[tuple[str, str], list[str]], level: Level, said: str
) -> None:
    assert said in words(host_names(names_of(zone)), level=level)
