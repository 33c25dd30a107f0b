from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from advisor.comparison import compare
from advisor.drawing.drawn import Curve
from advisor.finding import Severity
from advisor.presentation.comparison import Overlay, items, new_findings, overlays, sparklines
from advisor.presentation.sparklines import BLOCKS, GAP
from advisor.run import Axis
from tests.comparisons import report, run
from tests.support import make_finding


def curve(values: list[float | None], first: int = 0) -> Curve:
    steps = tuple(range(first, first + len(values)))
    return Curve(series="val/loss", axis=Axis.EPOCH, steps=steps, mean=tuple(values))


def drawn(now: Curve, before: Curve, width: int = 8) -> tuple[str, str]:
    return sparklines(Overlay("a", now, before), width)


def test_findings_that_say_the_same_of_several_runs_are_one_item() -> None:
    found = [make_finding("overfitting", name) for name in ("a", "b")]
    grave = make_finding("diverged", "b", severity=Severity.ERROR)
    now = compare(report(["a", "b"], [*found, grave]), report(["a", "b"]))
    assert [(item.what, item.rule, item.runs) for item in items(now)] == [
        ("new", "diverged", ("b",)),
        ("new", "overfitting", ("a", "b")),
    ]


def test_new_comes_before_fixed_and_fixed_before_what_was_not_judged() -> None:
    before = report(["a"], [make_finding("diverged", "a"), make_finding("past-best", "a")])
    fired = [make_finding("overfitting", "a")]
    now = compare(report(["a"], fired, outcomes={"past-best": "missing-input"}), before)
    assert [item.what for item in items(now)] == ["new", "fixed", "gone"]


def test_without_a_baseline_all_findings_are_new_and_there_is_no_item() -> None:
    alone = report(["a"], [make_finding("overfitting", "a")])
    assert new_findings(alone) == alone.findings
    assert items(alone) == ()


def test_both_curves_stand_on_one_scale_and_over_the_same_steps() -> None:
    now, before = drawn(curve([float(8 - i) for i in range(8)]), curve([4.0, 3.0, 2.0, 1.0]))
    assert len(now) == len(before) == 8
    assert before[:4] == now[4:]
    assert before[4:] == GAP * 4


def test_a_run_that_is_shorter_now_ends_early() -> None:
    now, before = drawn(curve([2.0, 1.0], first=0), curve([2.0] * 8))
    assert now.endswith(GAP * 6)
    assert GAP not in before


def test_curves_without_a_moderate_value_are_not_drawn() -> None:
    before = run("a", 0.5)
    drawn_as = before.curves[0].model_copy(update={"mean": (1e308,) * len(before.curves[0].steps)})
    huge = before.model_copy(update={"curves": (drawn_as,)})
    found = compare(report([run("a", 0.9)]), report([huge]))
    assert found.comparison is not None
    (change,) = found.comparison.scores
    assert change.curves
    assert list(overlays(found, change)) == []


_VALUES = st.lists(st.one_of(st.none(), st.floats(-1e299, 1e299)), min_size=1, max_size=40).filter(
    lambda values: any(value is not None for value in values)
)


@given(_VALUES, _VALUES, st.integers(0, 50), st.integers(1, 30))
def test_any_two_curves_make_lines_of_equal_length(
    one: list[float | None], other: list[float | None], first: int, width: int
) -> None:
    now, before = drawn(curve(one), curve(other, first), width)
    assert 1 <= len(now) == len(before) <= width
    assert set(now + before) <= set(BLOCKS + GAP)
