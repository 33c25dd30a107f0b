from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.spelled import exactness, same
from advisor.model import Value

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = SCALARS | st.lists(SCALARS, max_size=3).map(tuple)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, 3),
        (0.1, "1e-1"),
        (9, 9.0),
        (True, 1),
        (True, 1.0),
        (True, "yes"),
        (False, 0.0),
        ("False", False),
        ("CPU", "cpu"),
        ((8, 2), "[8, 2]"),
        ((8, 2), "8,2"),
        (("a", "b"), "['a', 'b']"),
        ((), "[]"),
        (("/", "home", "me"), "/home/me"),
        ("torch.nn.modules.loss.CrossEntropyLoss", "CrossEntropyLoss()"),
        ("torch.nn.functional.relu", "<function relu at 0x7f00>"),
        ("torch.optim.adam.Adam", "<class 'torch.optim.adam.Adam'>"),
        ("torch.optim.adam.Adam", "Adam"),
    ],
)
def test_two_spellings_of_one_value_are_the_same(one: Value, other: Value) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.1, 0.5),
        (True, 0),
        (True, 2),
        ("adam", "sgd"),
        ("auto", 0.1),
        ((8, 2), "[8, 4]"),
        ((8, 2), 8),
        ("torch.optim.adam.Adam", "AdamW()"),
        ("torch.optim.adam.Adam", "torch.optim.sgd.SGD"),
        ("coco.yaml", "mine.yaml"),
    ],
)
def test_other_values_are_not_the_same(one: Value, other: Value) -> None:
    assert not same(one, other)
    assert not same(other, one)


def test_each_spelling_keeps_more_than_the_one_before() -> None:
    spellings: list[Value] = [None, "Adam()", "9", 9.0, 9]
    assert [exactness(value) for value in spellings] == [0, 1, 2, 3, 4]
    assert exactness(True) == exactness((9, 2)) == 4


@given(VALUES, VALUES)
def test_each_value_is_the_same_as_itself_and_none_has_a_first_place(
    one: Value, other: Value
) -> None:
    assert same(one, one)
    assert same(one, other) is same(other, one)
