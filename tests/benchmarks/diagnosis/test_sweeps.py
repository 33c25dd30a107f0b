"""What holds of a sweep follows from how it was composed and how its trainings ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.run import Floats
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import Judge

pytestmark = pytest.mark.needs("torch", "sklearn")


def _judge(loss: Callable[[Setup], float]) -> Judge:
    """Judge trainings whose loss is given; seeds differ by a hundredth."""
    from benchmarks.diagnosis.truth import Judge

    def results(setup: Setup) -> dict[str, Floats]:
        end = loss(setup) + 0.01 * setup.seed
        curve = np.asarray([2.0, end])
        return {"val_loss": curve, "val_metric": np.zeros(0), "loss": curve, "ends": np.arange(2.0)}

    return Judge([], results)


def _base() -> Setup:
    from benchmarks.diagnosis.healthy import DEVELOPMENT

    return DEVELOPMENT[0]


def _decades(setup: Setup, best: float) -> float:
    return float(abs(np.log10(setup.learning_rate / best)))


@pytest.mark.parametrize(
    ("factors", "edge"), [((0.1, 1, 10), False), ((1, 3, 10), True), ((0.01, 0.1, 1), True)]
)
def test_the_best_rate_lies_at_the_edge_or_within(factors: tuple[float, ...], edge: bool) -> None:
    from benchmarks.diagnosis.sweeps import at_edge
    from benchmarks.diagnosis.trials import rated

    base = _base()
    judge = _judge(lambda setup: _decades(setup, base.learning_rate))
    assert at_edge([rated(base, factor) for factor in factors], judge) is edge


def test_within_the_noise_of_seeds_nobody_knows_where_the_best_rate_lies() -> None:
    from benchmarks.diagnosis.sweeps import at_edge
    from benchmarks.diagnosis.trials import rated

    judge = _judge(lambda _: 1.0)
    assert at_edge([rated(_base(), factor) for factor in (0.1, 1, 10)], judge) is None


@pytest.mark.parametrize(
    ("loss", "idle"),
    [
        (lambda setup: _decades(setup, 1.0), True),
        (lambda setup: _decades(setup, 1.0) + setup.hidden / 100, False),
        (lambda _: 1.0, None),
    ],
)
def test_one_setting_of_a_grid_is_idle_where_only_the_other_moves_the_loss(
    loss: Callable[[Setup], float], idle: bool | None
) -> None:
    from benchmarks.diagnosis.sweeps import one_idle
    from benchmarks.diagnosis.trials import RATES, WIDTHS, rated, wide

    one = _base().changed(seed=1)
    runs = tuple(rated(wide(one, width), rate) for rate in RATES for width in WIDTHS)
    assert one_idle(runs, _judge(loss)) is idle


def _row(sweep: str, *rules: str, **holds: bool) -> dict[str, Any]:
    about = {"severity": "note", "meant": "warning", "confidence": 0.6, "estimate": 0.7}
    said = [{"rule": rule, **about} for rule in rules]
    known = {name.replace("_", "-"): value for name, value in holds.items()}
    statuses = {rule: "failed" if rule in rules else "passed" for rule in known}
    return {"sweep": sweep, "holds": known, "findings": said, "statuses": statuses}


def test_a_rule_is_right_about_a_sweep_where_it_holds_and_wrong_where_not() -> None:
    from benchmarks.diagnosis.sweep_score import sweep_score

    rows = [
        _row("a", "search-order", search_order=True),
        _row("b", "search-order", search_order=False),
        _row("c", search_order=True),
        _row("d", "search-order"),
    ]
    found = sweep_score(rows)["search-order"]
    assert found["right"] == {"part": 1, "of": 2}
    assert found["recall"]["clear"] == {"part": 1, "of": 2}
    assert found["alarms"] == {"part": 1, "of": 1}


def test_a_rule_is_measured_by_what_it_gave_before_measurement_had_its_say() -> None:
    from benchmarks.diagnosis.sweep_score import sweep_score

    found = sweep_score([_row("a", "search-order", search_order=False)])["search-order"]
    assert found["confidence"] == [[0.7, 0, "a"]]
    assert found["alarms_loud"] == {"part": 1, "of": 1}


@pytest.mark.parametrize("split", ["development", "heldout"])
def test_each_split_has_a_hundred_sweeps_and_knows_of_each_what_cannot_hold(split: str) -> None:
    from benchmarks.diagnosis.plan import SPLITS
    from benchmarks.diagnosis.sweeps import NEVER, sweeps

    found = list(sweeps(SPLITS[split], _judge(lambda setup: setup.learning_rate), lambda _: True))
    assert len(found) >= 100
    assert all(sweep.holds.items() >= dict.fromkeys(NEVER[sweep.kind], False).items()
               for sweep in found)  # fmt: skip


def test_what_holds_of_one_sweep_is_held_against_a_rule_on_the_others() -> None:
    from benchmarks.diagnosis.plan import SPLITS
    from benchmarks.diagnosis.sweeps import ENSEMBLE, RETUNE, UNRECORDED, sweeps

    bases = SPLITS["development"]
    found = list(sweeps(bases, _judge(lambda setup: setup.learning_rate), lambda _: True))
    for rule in (ENSEMBLE, RETUNE, UNRECORDED):
        assert {sweep.holds[rule] for sweep in found if rule in sweep.holds} == {True, False}
