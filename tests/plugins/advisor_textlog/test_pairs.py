from __future__ import annotations

import pytest

from advisor.limits import time_limit
from advisor_textlog.dialects import recognize
from advisor_textlog.pairs import listed, spelled
from advisor_textlog.visible import LONGEST, numbered
from tests.support import HANG


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loss: 0.5", [("loss", "0.5")]),
        ("loss=1e-3, acc=.5", [("loss", "1e-3"), ("acc", ".5")]),
        ("train loss: nan | val loss: -inf", [("train loss", "nan"), ("val loss", "-inf")]),
        ("acc(top1): 93.1% (best)", [("acc(top1)", "93.1")]),
        ("train_time:214ms step_avg:nanms", [("train_time", "214"), ("step_avg", "nan")]),
        ("(loss: 2)", [("loss", "2")]),
        ("INFO:root: loss: 2", [("loss", "2")]),
        ("python train.py --lr=0.1", []),
        ("at 12:30:01 from 10.0.0.1", []),
        ("version: 1.2.3 date: 2024-01-01 done: 3/10", []),
    ],
)
def test_pairs_are_found_wherever_they_stand(text: str, expected: list[tuple[str, str]]) -> None:
    assert [tuple(pair) for pair in spelled(text)] == expected


def test_lists_need_neither_colon_nor_equals_sign() -> None:
    found = listed("loss 2.5, time 30.1ms, mfu -100.00%, lr: 1e-4, done", ",")
    assert [tuple(pair) for pair in found] == [
        ("loss", "2.5"),
        ("time", "30.1"),
        ("mfu", "-100.00"),
        ("lr", "1e-4"),
    ]


@pytest.mark.parametrize(
    ("text", "digits"), [("0.50", 2), ("-1.", None), ("1e-5", None), ("3", None)]
)
def test_only_a_plain_fraction_tells_its_decimals(text: str, digits: int | None) -> None:
    assert spelled(f"loss: {text}")[0].decimals == digits


@pytest.mark.parametrize(
    "start", ["a.", "a", "a ", "a(", "a-", "epoch ", "a=1", "1", "a: 1 ", "=", "a:1."]
)
@pytest.mark.parametrize("end", ["", ":", "x=", "epoch"])
def test_no_line_hangs(start: str, end: str) -> None:
    line = start * ((LONGEST - len(end)) // len(start)) + end
    with time_limit(HANG):
        recognize(numbered("\n".join([line] * 20)))


def test_a_line_that_is_too_long_is_not_looked_at() -> None:
    assert numbered("x" * (LONGEST + 1) + "\nstep:1/2 a:1") == [(2, "step:1/2 a:1")]


def test_a_progress_bar_shows_its_last_state() -> None:
    assert numbered("1/9 a\r9/9 b\r\n\x1b[1mc\x1b[0m  \n") == [(1, "9/9 b"), (2, "c"), (3, "")]
