"""What the rows of the probe's measurements come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.probe.rows import add, missing, order, rows
from benchmarks.probe.score import Share, alarms, called_loud, named, regret, regrets


def program(
    kind: str, fired: str, rules: str = "probe-lr-range probe-not-finite"
) -> dict[str, str]:
    return {"name": "a: b", "kind": kind, "rules": rules, "fired": fired}


@pytest.mark.parametrize(
    ("kind", "fired", "right"),
    [
        ("high", "probe-lr-range:warning", True),
        ("high", "probe-not-finite:error", True),
        ("high", "probe-lr-range:note:low", False),
        ("low", "probe-lr-range:note:low", True),
        ("low", "probe-lr-range:warning", False),
        ("low", "probe-not-finite:error", False),
        ("low", "", False),
        ("fault", "probe-lr-range:note zero-grad-forgotten:error", True),
        ("fault", "lr-quick-drop:note", False),
    ],
)
def test_a_rate_is_called_in_its_direction_and_a_fault_by_its_rules(
    kind: str, fired: str, *, right: bool
) -> None:
    rules = "probe-lr-range" if kind == "fault" else "probe-lr-range probe-not-finite"
    assert named(program(kind, fired, rules)) == right


def test_a_note_is_no_alarm_and_no_loud_call() -> None:
    row = program("low", "probe-lr-range:note:low overfit-tiny-batch:warning")
    assert alarms(row) == ["overfit-tiny-batch"]
    assert named(row)
    assert not called_loud(row)


def test_a_share_of_nothing_is_not_measured() -> None:
    assert str(Share(0, 0)) == "none measured"
    assert str(Share(19, 20)) == "19 of 20, 95.0% (76.4% to 99.1%)"


def test_a_regret_lies_between_the_best_rate_and_guessing() -> None:
    cell = {
        "best_loss": "0.5",
        "guessing": "1.0",
        "plain default losses": "0.5 0.6 0.4",
        "tool losses": "0.75 3.0 0.5",
    }
    assert regrets([cell], "tool") == [0.5, 1.0, 0.0]
    found = regret([cell], "tool")
    assert found.mean == pytest.approx(0.5)
    assert found.above == pytest.approx(0.5 - 0.2 / 3)
    assert found.worse == Share(1, 3)


def test_an_interrupted_measurement_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    add("found", {"name": "c", "value": "3"}, tmp_path)
    add("found", {"name": "a", "value": "a,\nb"}, tmp_path)
    assert list(missing("found", ("a", "b", "c"), tmp_path)) == ["b"]
    order("found", ("a", "b", "c"), tmp_path)
    assert rows("found", tmp_path) == [{"name": "a", "value": "a,\nb"}, {"name": "c", "value": "3"}]


@pytest.mark.needs("torch")
def test_the_page_says_what_the_committed_rows_say() -> None:
    from benchmarks.probe.page import PAGE, page

    assert PAGE.read_text(encoding="utf-8") == page()
