from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from advisor.finding import Evidence, Finding
from advisor.rule import Rule
from advisor.testing import make_run
from tests.support import made, make_rule, result_of

LONG = np.linspace(2, 1, 5_000)


def _cites(first: int, last: int, series: str = "train/loss") -> Rule:
    def check(rule: Rule, _run: object) -> Iterator[Finding]:
        evidence = Evidence(
            series=series, first_step=first, last_step=last, measured="x", value=1.0
        )
        yield rule.finding(confidence=0.5, evidence=(evidence,))

    return made(make_rule(check=check))


def test_a_series_is_summarized_by_its_finite_values_in_step_order() -> None:
    values = [np.nan, 3.0, 1.0, 2.0, np.inf]
    facts = result_of(make_run(train_loss=values)).summary.series["train/loss"]
    assert facts.model_dump() == {
        "points": 5,
        "non_finite": 2,
        "first": 3.0,
        "last": 2.0,
        "lowest": 1.0,
        "lowest_step": 2,
        "highest": 3.0,
        "highest_step": 1,
    }


@pytest.mark.parametrize("values", [[], [np.nan, np.inf]])
def test_a_series_without_a_finite_value_has_no_extremes(values: list[float]) -> None:
    facts = result_of(make_run(train_loss=values)).summary.series["train/loss"]
    assert (facts.points, facts.non_finite) == (len(values), len(values))
    assert facts.lowest is facts.highest is facts.first is facts.last is None


def test_what_has_a_role_is_drawn_with_at_most_240_buckets() -> None:
    summary = result_of(make_run(train_loss=LONG, lr=LONG, foo=LONG)).summary
    assert set(summary.curves) == {"train/loss", "lr"}
    assert {len(curve.steps) for curve in summary.curves.values()} == {240}
    assert (summary.first_step, summary.last_step, summary.points) == (0, 4_999, 15_000)


def test_what_a_finding_cites_is_drawn_too() -> None:
    run = make_run(train_loss=LONG, foo=LONG)
    assert "foo" in result_of(run, _cites(0, 4_999, "foo")).summary.curves


def test_narrow_evidence_is_drawn_finely_with_as_much_on_either_side() -> None:
    result = result_of(make_run(train_loss=LONG), _cites(2_000, 2_100))
    (window,) = result.windows
    assert window.finding == result.outcomes[0].findings[0].id
    assert len(window.curve.steps) == 120
    assert 1_900 <= window.curve.steps[0] < 1_910
    assert 2_190 < window.curve.steps[-1] <= 2_200


@pytest.mark.parametrize(
    ("points", "first", "last"), [(5_000, 0, 4_000), (200, 10, 20), (5_000, 0, 700)]
)
def test_broad_evidence_and_short_series_need_no_window(points: int, first: int, last: int) -> None:
    assert result_of(make_run(train_loss=LONG[:points]), _cites(first, last)).windows == ()


def test_a_run_without_series_has_no_extent() -> None:
    summary = result_of(make_run()).summary
    assert (summary.first_step, summary.last_step, summary.points) == (0, 0, 0)
