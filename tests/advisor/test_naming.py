from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from advisor.naming import free, natural


def test_numbers_in_names_are_counted() -> None:
    names = ["version_10", "version_2", "version_02", "a", "version_1/x", "10", "9"]
    ordered = ["9", "10", "a", "version_1/x", "version_02", "version_2", "version_10"]
    assert sorted(names, key=natural) == ordered


def test_a_number_of_ten_thousand_digits_is_compared_too() -> None:
    assert natural("run-" + "9" * 10_000) < natural("run-1" + "0" * 10_000)


@given(st.lists(st.text(), max_size=6))
def test_the_order_does_not_depend_on_the_order_before(names: list[str]) -> None:
    turned = names[::-1]
    assert sorted(names, key=natural) == sorted(turned, key=natural)


def test_a_taken_name_gets_the_first_number_that_is_free() -> None:
    assert free("run", ()) == "run"
    assert free("run", {"run", "run#2"}) == "run#3"
