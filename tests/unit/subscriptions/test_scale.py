"""A choice between steps that have an order, as a slider."""

import pytest

from subscriptions.forms import InterestForm

VALID = {"name": "Lichen", "keywords": "lichen"}


@pytest.mark.parametrize(
    ("sent", "meant"), [("0", "broad"), ("1", "balanced"), ("2", "picky"), ("picky", "picky"), ("", "balanced")]
)
def test_a_step_is_understood_by_its_number_and_by_its_word(sent: str, meant: str) -> None:
    form = InterestForm({**VALID, "pickiness": sent})

    assert form.is_valid()
    assert form.cleaned_data["pickiness"] == meant


@pytest.mark.parametrize("sent", ["3", "-1", "٢", "1.5", "9" * 5000, "pickiest"])
def test_what_is_no_step_is_refused_and_shown_as_the_middle(sent: str) -> None:
    form = InterestForm({**VALID, "pickiness": sent})

    assert "pickiness" in form.errors
    assert 'value="1"' in str(form["pickiness"])


def test_the_slider_stands_where_it_was_and_names_its_steps() -> None:
    shown = str(InterestForm(initial={"pickiness": "picky"})["pickiness"])

    assert 'type="range"' in shown
    assert 'value="2"' in shown
    assert 'data-words="Broad|Balanced|Picky"' in shown
    assert "<li>Broad</li><li>Balanced</li><li>Picky</li>" in shown
