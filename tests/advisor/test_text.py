"""Templates, the kinds of their fields, and names from logs made fit to show."""

from __future__ import annotations

import math
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.text import (
    LONGEST_NAME,
    Message,
    Param,
    Span,
    clean,
    fields,
    fill,
    message,
    number,
    percent,
    rate,
    spans,
)


@pytest.mark.parametrize(
    ("template", "value", "written"),
    [
        ("{v:number}", 0.012345, "0.0123"),
        ("{v:percent}", 0.344, "34%"),
        ("{v:step}", 12_400, "12,400"),
        ("{v:rate}", 3e-4, "3e-4"),
        ("{v:name}", "val/loss", "`val/loss`"),
        ("{v:names}", ("a", "b"), "`a`, `b`"),
        ("{v:names}", ("a", "b", "c", "d", "e", "f"), "`a`, `b`, `c`, `d` and 2 more"),
        ("{v:text}", "a `word`", "a 'word'"),
        ("{v:sentence}", "a finished `sentence`", "a finished `sentence`"),
        ("{v:count epoch|epochs}", 1, "1 epoch"),
        ("{v:count epoch|epochs}", 1_200, "1,200 epochs"),
        ("{v:count value repeats|values repeat}", 0, "0 values repeat"),
        ("{v:count 轮}", 1, "1 轮"),
        ("{v:count 轮}", 3, "3 轮"),
        ("{v:sentence}", Message(id="a", text="It fell."), "It fell."),
        ("it is so: {v:clause}", Message(id="a", text="It fell."), "it is so: it fell"),
        ("it is so: {v:clause}", "ReLU is used", "it is so: ReLU is used"),
    ],
)
def test_each_kind_of_field_is_written_its_way(template: str, value: Param, written: str) -> None:
    assert fill(template, {"v": value}) == written


def test_a_message_keeps_its_parameters() -> None:
    made = message("m", "{run:name} rose at {at:step}", run="a", at=1_000)
    assert (made.id, made.params, made.text) == (
        "m",
        {"run": "a", "at": 1_000},
        "`a` rose at 1,000",
    )


def test_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(KeyError, match="at"):
        fill("{at:step}", {})


@pytest.mark.parametrize("template", ["{v}", "{v:words}", "{v:.3f}"])
def test_a_field_of_no_known_kind_is_an_error(template: str) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        fill(template, {"v": 1})


def test_the_fields_of_a_template_are_listed_with_their_kinds() -> None:
    assert fields("{a:count run|runs} of {b:name}, {{c}}") == {"a": "count", "b": "name"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (0.5, "0.5"),
        (1.2345, "1.23"),
        (9.9996, "10"),
        (99.96, "100"),
        (123.4, "123"),
        (999.6, "1,000"),
        (123_456.0, "123,456"),
        (9_999_999.0, "1e7"),
        (0.00099996, "0.001"),
        (0.000123, "1.23e-4"),
        (9.999e-5, "1e-4"),
        (-1.5e9, "-1.5e9"),
        (-0.25, "-0.25"),
        (math.nan, "NaN"),
        (math.inf, "infinity"),
        (-math.inf, "-infinity"),
    ],
)
def test_a_number_is_written_short(value: float, written: str) -> None:
    assert number(value) == written


@given(st.floats(-1e300, 1e300), st.integers(1, 9))
@example(5e-324, 3)
def test_a_number_reads_back_to_its_digits(value: float, digits: int) -> None:
    read = float(number(value, digits).replace(",", ""))
    # Whole numbers below ten million keep all their digits.
    assert read == pytest.approx(value, rel=10.0 ** (1 - digits), abs=0) or read == round(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [(3e-4, "3e-4"), (1e-3, "1e-3"), (0.01, "0.01"), (0.1, "0.1"), (0.0, "0"), (2.5e-5, "2.5e-5")],
)
def test_a_rate_is_written_as_people_type_it(value: float, written: str) -> None:
    assert rate(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.344, "34%"), (0.004, "0.4%"), (0.0, "0%"), (1.0, "100%"), (math.nan, "NaN")],
)
def test_a_fraction_is_a_percentage(value: float, written: str) -> None:
    assert percent(value) == written


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("val/loss", "val/loss"),
        ("  two\n\tlines \u2028", "two  lines"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("gnp\u202eexe", "gnp\ufffdexe"),
        ("half \ud800", "half \ufffd"),
        ("\ufeffmark", "\ufffdmark"),
        ("学習率 é 😀", "学習率 é 😀"),
        ("", ""),
    ],
)
def test_a_name_shows_what_is_in_it(name: str, shown: str) -> None:
    assert clean(name) == shown


@given(st.text(alphabet=st.characters(), max_size=300), st.integers(1, 200))
def test_a_clean_name_is_one_short_line_without_anything_invisible(name: str, most: int) -> None:
    shown = clean(name, most)
    assert len(shown) <= most
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert clean(shown, most) == shown.strip()


def test_a_long_name_ends_in_an_ellipsis() -> None:
    shown = clean("x" * 500)
    assert len(shown) == LONGEST_NAME
    assert shown.endswith("x…")


def test_a_sentence_is_split_into_text_and_code() -> None:
    assert list(spans("`a` rose, `b` fell.")) == [
        Span("a", code=True),
        Span(" rose, ", code=False),
        Span("b", code=True),
        Span(" fell.", code=False),
    ]


@given(st.text(alphabet=st.characters(), max_size=50))
@example("a`b")
@example("``")
def test_a_name_never_ends_its_own_code_span(name: str) -> None:
    pieces = list(spans(fill("before {n:name} after", {"n": name})))
    assert (pieces[0], pieces[-1]) == (Span("before ", code=False), Span(" after", code=False))
    assert [p for p in pieces[1:-1] if not p.code] == []
