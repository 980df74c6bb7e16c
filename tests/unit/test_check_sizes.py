"""The size guard says what is too long, and where."""

from pathlib import Path

import pytest

from tools.check_sizes import functions, judge


def test_a_function_is_measured_from_its_first_to_its_last_line() -> None:
    text = "x = 1\n\ndef one():\n    return 1\n\nasync def two():\n    '''Say.'''\n\n    return 2\n"

    assert dict(functions(path=Path("a.py"), text=text)) == {"a.py:3 one": 2, "a.py:6 two": 4}


@pytest.mark.parametrize(("longest", "complaints"), [(60, []), (61, ["a.py:1 long is 61 lines long, over 60"])])
def test_the_longest_is_judged_one_step_either_side(longest: int, complaints: list[str]) -> None:
    sizes = {"a.py:1 long": longest} | {f"b.py:{line} short": 5 for line in range(20)}

    assert judge(what="function", sizes=sizes, middle=10, most=60, p90=35) == complaints


def test_many_long_functions_are_refused_even_when_none_is_too_long() -> None:
    sizes = {f"a.py:{line} middling": 11 for line in range(8)} | {f"b.py:{line} long": 40 for line in range(3)}

    complaints = judge(what="function", sizes=sizes, middle=10, most=60, p90=35)

    assert [complaint.split(" has ")[0] for complaint in complaints] == ["the median function", "one function in ten"]
