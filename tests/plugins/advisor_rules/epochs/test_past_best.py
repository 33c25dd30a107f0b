from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.rule import Rule
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor_rules.epochs.best_checkpoint_not_kept import BestCheckpointNotKept
from advisor_rules.epochs.early_stopping_missing import EarlyStoppingMissing
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.examples import falling, noise, turning, with_values
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 100)
PAST = turning(100, seed=20, at=0.25)


def test_the_best_step_and_the_compute_after_it_are_found(advise: Advise) -> None:
    run = make_run(val_loss=PAST, config={"epochs": 100})
    finding = advise(PastBest(), run).findings[0]
    assert 18 <= finding.first_step <= 32
    assert finding.cost is not None
    assert finding.cost.share == pytest.approx(1 - finding.first_step / 99)
    assert 18 <= float(str(finding.changes[0].after)) <= 33


def test_the_epochs_that_were_trained_count_and_not_those_that_were_planned(
    advise: Advise,
) -> None:
    for config, most in (({"epochs": 100}, 33), ({"epochs": 300}, 33), ({"epochs": 50}, 17)):
        run = make_run(
            train_loss=np.sort(PAST)[::-1], val_loss=PAST, config=config, axis=Axis.EPOCH
        )
        finding = advise(PastBest(), run).findings[0]
        assert most / 2 <= float(str(finding.changes[0].after)) <= most


STEEP = np.concatenate([[0.53, 0.67, 0.83, 0.85, 0.88, 0.87, 0.86], np.linspace(0.86, 0.72, 143)])
STEEP[7:] += noise(143, 0.005, 24)


@pytest.mark.parametrize("rule", [PastBest, BestCheckpointNotKept, EarlyStoppingMissing])
def test_beside_a_steep_start_one_good_step_is_named_by_all(
    advise: Advise, rule: type[Rule]
) -> None:
    run = make_run(val_accuracy=STEEP, config={"epochs": 150, "early_stopping": False})
    finding = advise(rule(), run).findings[0]
    assert finding.first_step == 4
    told = finding.advice.evidence.params
    assert told.get("best", 0.88) == 0.88


def test_the_metric_is_judged_before_the_loss(advise: Advise) -> None:
    accuracy = 0.9 - 0.5 * np.exp(-20 * X) - 0.15 * X + noise(100, 0.005, 21)
    run = make_run(val_loss=falling(100, seed=22), val_accuracy=accuracy)
    assert advise(PastBest(), run).findings[0].evidence[0].series == "val/accuracy"


def test_little_lost_compute_is_a_note(advise: Advise) -> None:
    run = make_run(val_loss=turning(100, seed=23, at=0.6))
    assert [f.severity for f in advise(PastBest(), run).findings] == [Severity.NOTE]


@pytest.mark.parametrize(("rise", "severity"), [(0.06, Severity.NOTE), (0.2, Severity.WARNING)])
def test_a_rise_that_another_seed_may_cost_is_a_note(
    advise: Advise, rise: float, severity: Severity
) -> None:
    val = 0.4 * (1 + np.exp(-30 * X) + rise * np.clip(X - 0.3, 0, None) / 0.7)
    run = make_run(val_loss=val + noise(100, 5e-4, 31))
    assert [f.severity for f in advise(PastBest(), run).findings] == [severity]


def test_what_early_stopping_waited_for_is_a_note(advise: Advise) -> None:
    run = make_run(val_loss=PAST, config={"epochs": 100, "patience": 10})
    assert [f.severity for f in advise(PastBest(), run).findings] == [Severity.NOTE]


def test_a_metric_that_drops_is_no_slight_matter(advise: Advise) -> None:
    accuracy = 0.9 - 0.5 * np.exp(-30 * X) - 0.06 * np.clip(X - 0.3, 0, None) / 0.7
    run = make_run(val_accuracy=accuracy + noise(100, 5e-4, 32))
    assert [f.severity for f in advise(PastBest(), run).findings] == [Severity.WARNING]


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(falling(100, seed=24), id="falls to the end"),
        pytest.param(falling(100, seed=25, rate=12), id="a plateau"),
        pytest.param(turning(100, seed=26, at=0.9), id="turns at the end"),
        pytest.param(1 + noise(100, 0.1, 27), id="noise"),
        pytest.param(with_values(falling(100, seed=28, rate=12), 0.1, 30), id="one lucky point"),
        pytest.param(np.ones(100), id="constant"),
        pytest.param(falling(100, seed=29, rate=12) + 0.004 * X, id="one per cent worse"),
        pytest.param(
            1.0 + 0.2 * np.exp(-30 * X) + 0.04 * X + noise(100, 5e-4, 36), id="four per cent worse"
        ),
    ],
)
def test_a_run_that_is_not_past_its_best_passes(advise: Advise, val: Floats) -> None:
    assert advise(PastBest(), make_run(val_loss=val)).findings == ()


def test_a_metric_of_unknown_direction_is_not_judged(advise: Advise) -> None:
    run = make_run(val_frobnication=PAST)
    assert advise(PastBest(), run).findings == ()


@pytest.mark.parametrize(("rise", "severities"), [(0.08, []), (0.3, [Severity.NOTE])])
def test_a_rise_that_is_little_against_the_whole_fall_is_a_note_or_nothing(
    advise: Advise, rise: float, severities: list[Severity]
) -> None:
    loss = 2.3 * np.exp(-12 * X) + 0.1 + rise * np.clip(X - 0.4, 0, None) + noise(100, 0.0005, 22)
    findings = advise(PastBest(), make_run(val_loss=loss)).findings
    assert [f.severity for f in findings] == severities


@pytest.mark.parametrize(
    ("loss", "config", "best", "fires"),
    [
        (2.303, {}, 0.16, False),
        (2.303, {}, 0.6, True),
        (1.2, {}, 0.16, True),
        (3.7, {"num_classes": 10}, 0.16, False),
        (3.7, {"num_classes": 100}, 0.16, True),
    ],
)
def test_an_accuracy_that_never_left_guessing_has_no_best(
    advise: Advise, loss: float, config: dict[str, Value], best: float, *, fires: bool
) -> None:
    accuracy = best * (1 - 0.4 * np.clip(X - 0.2, 0, None)) + noise(100, 5e-4, 34)
    losses = loss + noise(100, 1e-3, 35)
    run = make_run(val_accuracy=accuracy, val_loss=losses, config=config)
    assert bool(advise(PastBest(), run).findings) is fires


@pytest.mark.parametrize("patience", [5, 8, 12])
def test_a_run_that_its_patience_ended_did_not_go_too_far(advise: Advise, patience: int) -> None:
    val = turning(100, seed=33, at=0.1, rise=5.0, size=0.001)
    stopped = val[: int(np.argmin(val)) + patience + 1]
    config = {"epochs": 100, "patience": patience}
    assert advise(PastBest(), make_run(val_loss=stopped, config={"epochs": 100})).findings
    assert advise(PastBest(), make_run(val_loss=stopped, config=config)).findings == ()


def test_a_run_that_its_patience_with_the_loss_ended_is_not_judged_by_its_metric(
    advise: Advise,
) -> None:
    loss = np.concatenate([np.linspace(1.0, 0.5, 20), np.full(6, 0.6)])
    accuracy = np.concatenate([np.linspace(0.5, 0.9, 6), np.full(20, 0.7)]) + noise(26, 0.002, 34)
    for patience, fires in ((3, True), (6, False)):
        config = {"epochs": 100, "patience": patience}
        run = make_run(val_loss=loss, val_accuracy=accuracy, config=config)
        assert bool(advise(PastBest(), run).findings) is fires


FEW = np.linspace(0, 1, 25)
LEVELLED = 1.0 + np.exp(-30 * FEW) + 0.06 * np.clip((FEW - 0.2) / 0.05, 0, 1)
"""A loss that rose by 6% after a fifth of the run, all at once, and stood there to its end."""


@pytest.mark.parametrize("seed", range(5))
def test_a_slight_rise_that_only_the_levels_show_passes(advise: Advise, seed: int) -> None:
    run = make_run(val_loss=LEVELLED + noise(25, 0.004, 500 + seed))
    assert advise(PastBest(), run).findings == ()


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(
            LEVELLED + 0.04 * np.clip(FEW - 0.2, 0, None) + noise(25, 0.004, 500), id="it goes on"
        ),
        pytest.param(LEVELLED + 0.2 * (FEW > 0.2) + noise(25, 0.004, 500), id="it is not slight"),
    ],
)
def test_another_rise_is_found(advise: Advise, val: Floats) -> None:
    assert advise(PastBest(), make_run(val_loss=val)).findings


@pytest.mark.parametrize(
    ("best", "fires"),
    [
        pytest.param(-0.05, False, id="never above the mean of the targets"),
        pytest.param(0.2, True, id="some of the variance explained"),
    ],
)
def test_an_r2_that_never_was_above_guessing_has_no_best(
    advise: Advise, best: float, fires: bool
) -> None:
    score = best + 2 * (PAST.min() - PAST)
    run = make_run(train_loss=PAST, val_r2=score)
    assert bool(advise(PastBest(), run).findings) is fires


THIRTY = np.linspace(0, 1, 30)
GOOD_START = np.concatenate([np.linspace(0.9, 0.3, 5), 0.9 + noise(25, 0.15, 30)])
"""A loss whose third to fifth validations of thirty are better than all that follow under scatter.

So short a start that the smoothed curve passes over it.
"""
BY_START_ALONE = {"large": 9.0, "steady": 9.0}
"""Options by which a rise under scatter is shown by no more than a good start."""


def test_a_good_start_that_never_came_back_is_a_note(advise: Advise) -> None:
    (finding,) = advise(PastBest(), make_run(val_loss=GOOD_START)).findings
    assert finding.severity is Severity.NOTE
    assert finding.first_step == 4
    assert finding.advice.evidence.params["best"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("val", "options"),
    [
        pytest.param(with_values(GOOD_START, 0.7, 3), {}, id="two in a row"),
        pytest.param(with_values(GOOD_START, 0.5, 25), BY_START_ALONE, id="as good once again"),
        pytest.param(GOOD_START[:19], {}, id="too few validations after it"),
        pytest.param(GOOD_START, BY_START_ALONE | {"before": 1.5}, id="little against the gain"),
        pytest.param(GOOD_START + 100, {}, id="little against its level"),
    ],
)
def test_a_good_start_of_less_passes(
    advise: Advise, val: Floats, options: dict[str, float]
) -> None:
    rule = PastBest.model_validate(options)
    assert advise(rule, make_run(val_loss=val)).findings == ()


SIXTY = np.linspace(0, 1, 60)
GIVEN_BACK = np.where(SIXTY < 0.05, 1.3, 0.3 + 0.35 * np.clip((SIXTY - 0.1) / 0.2, 0, 1))
"""A loss that soon gives back a third of its gain, to be hidden under scatter."""


def test_a_large_rise_under_heavy_scatter_is_a_note(advise: Advise) -> None:
    run = make_run(val_loss=GIVEN_BACK + noise(60, 0.12, 524))
    (finding,) = advise(PastBest(), run).findings
    assert finding.severity is Severity.NOTE
    rule = PastBest.model_validate(BY_START_ALONE | {"before": 9.0})
    assert advise(rule, run).findings == ()


@pytest.mark.parametrize("seed", range(20))
def test_scatter_about_a_level_is_no_large_rise(advise: Advise, seed: int) -> None:
    level = np.where(SIXTY < 0.05, 1.3, 0.3) + noise(60, 0.06, 540 + seed)
    assert advise(PastBest(), make_run(val_loss=level)).findings == ()
