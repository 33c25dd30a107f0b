"""A document with each value once is the document, in Python as in a browser."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.report import folding
from advisor.report.folding import folded, unfolded

NUMBERS = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.recursive(
    NUMBERS | st.booleans() | st.text(max_size=5) | st.lists(NUMBERS, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_any_document_comes_back_with_its_types_and_the_order_of_its_keys(document: object) -> None:
    assert unfolded(folded(document)) == json.dumps(document, separators=(",", ":"))


def test_numbers_that_are_equal_and_not_the_same_stay_apart() -> None:
    same = "[[1],[1.0],[0.0],[-0.0],[1,1.0],[1.0,1],1,1.0,true,0.0,-0.0]"
    assert unfolded(folded(json.loads(same))) == same


def test_what_occurs_often_is_written_once() -> None:
    runs = [f"run-{number}" for number in range(100)]
    one, many = folded([runs]), folded([{"rule": str(n), "runs": runs} for n in range(50)])
    assert many.count('run-7"') == 1
    assert len(many) < 3 * len(one)


def test_whole_numbers_that_a_browser_would_round_are_kept_as_text() -> None:
    assert json.loads(folded([2**53, "a"]))["values"][0] == [folding.EXACT, str(2**53)]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"shapes":[],"values":[]}', '{"shapes":[],"values":[[0]]}'),
        *('{"shapes":[["a"]],"values":[[0]]}', '{"shapes":[],"values":[[-1,5]]}'),
        *('{"shapes":[],"values":[[-3,7]]}', '{"shapes":[],"values":[["x"]]}'),
    ],
)
def test_what_is_no_short_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whichever part of it is found first
        unfolded(text)


def test_a_short_text_cannot_become_one_that_fills_the_memory() -> None:
    doubled = ["x" * 1000, *([-1, place, place] for place in range(60))]
    with pytest.raises(ValueError, match="longer than"):
        unfolded(json.dumps({"shapes": [], "values": doubled}))
