"""When two names are one person's."""

import pytest

from digest.matching._names import filing_keys, is_same_person, lookup_keys, read_name


def same(wanted: str, printed: str) -> bool:
    one, other = read_name(wanted), read_name(printed)
    assert one is not None
    assert other is not None
    return bool(lookup_keys(one) & filing_keys(other)) and is_same_person(wanted=one, printed=other)


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("Y. Lerond", "Yann Lerond"),
        ("Yann Lerond", "Y. Lerond"),
        ("Y. LeRond", "Lerond, Yann"),
        ("Y. LeRond", "Yann Le Rond"),
        ("Lerond, Y.", "Yann Lerond"),
        ("Y.Lerond", "Yann Lerond"),
        ("YANN LEROND", "Yann Lerond"),
        ("Lerond", "Yann Lerond"),
        ("J.-P. Samplé", "Jean-Pierre Sample"),
        ("JP Sample", "Jean-Pierre Sample"),
        ("Jean Pierre Sample", "J. P. Sample"),
        ("J. Sample", "Jean-Pierre Sample"),
        ("A. Roe", "A. B. Roe"),
        ("A.B. Roe", "A. B. Roe"),
        ("Xiaoming Li", "Xiao-Ming Li"),
        ("Li Xiaoming", "Xiaoming Li"),
        ("H. Müster", "Hans Muester"),
        ("Hans Muester", "H. Müster"),
        ("H. Muster", "Hans Müster"),
        ("M. Garza Luz", "Maria Garza-Luz"),
        ("M. Luz", "Maria Garza Luz"),
        ("van den Beispiel", "Aron van den Beispiel"),
        ("A. van den Beispiel", "Aron van den Beispiel"),
        ("van den Beispiel, A.", "Aron van den Beispiel"),
        ("'t Voorbeeld", "Gerard ’t Voorbeeld"),
        ("K. O'Sample", "Kevin O’Sample"),
        ("F. Roe", "Frank Roe, Jr."),
        ("Erdei Pál", "Pal Erdei"),
        ("Mononymus", "Mononymus"),
        ("王小明", "王小明"),
        ("LANTERN Collaboration", "The LANTERN Collaboration"),
        ("LANTERN", "LANTERN Collaboration"),
        ("for the LANTERN collaboration", "LANTERN Collaboration"),
    ],
)
def test_tolerated_ways_of_writing_one_name(wanted: str, printed: str) -> None:
    assert same(wanted, printed)


@pytest.mark.parametrize(
    ("wanted", "printed"),
    [
        ("Y. Lerond", "Yan Li"),
        ("J. Smithson", "Kate Smithson"),
        ("Yann Lerond", "Yves Lerond"),
        ("A. B. Roe", "A. C. Roe"),
        ("H. Schmitz", "Hans Meier-Schmitz"),
        ("J. Smith", "John Smithson"),
        ("J. Smith", "Smith"),
        ("M. Garza", "Maria Garza Luz"),
        ("Yang Li", "Yan Li"),
        ("Wei Wang", "W. Wei"),
        ("LANTERN Collaboration", "QUARRY Collaboration"),
    ],
)
def test_names_that_contradict_each_other_are_two_people(wanted: str, printed: str) -> None:
    assert not same(wanted, printed)


@pytest.mark.parametrize("text", ["", "  ", "...", ","])
def test_a_name_without_a_letter_is_nobody(text: str) -> None:
    assert read_name(text) is None
