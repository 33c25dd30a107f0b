from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.curve import Curve
from advisor.judging.judge import Outcome
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.epochs.best_checkpoint_not_kept import BestCheckpointNotKept
from advisor_rules.epochs.early_stopping_missing import EarlyStoppingMissing
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.signs.measure import turn
from advisor_rules.signs.rising import Metric, metric_since
from advisor_rules.signs.validation_size import falls_by_chance, falls_by_few, samples_of
from advisor_rules.validation.loss_is_not_the_metric import LossIsNotTheMetric
from advisor_rules.validation.val_loss_rises_metric_holds import ValLossRisesMetricHolds
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 100)
TRAIN = falling(100, seed=10, floor=0.05)
RISING = 0.15 + 0.5 * np.exp(-20 * X) + 0.08 * X + noise(100, 0.002, 11)
"""A validation loss that is lowest early, and ends 0.05 higher."""
CONFIG = {"epochs": 100, "num_classes": 3, "patience": 0}


def counted(share: Floats, samples: int) -> Floats:
    """Return the shares of so many samples that are nearest."""
    return np.round(share * samples) / samples


def view(series: Mapping[str, Floats]) -> RunView:
    run = make_run(series=series, config=CONFIG)
    return RunView(Judged(run, understand(run)), ("val/loss", "val/metric"))


def metric(accuracy: Floats, name: str = "val/accuracy") -> Curve:
    return view({name: accuracy})["val/metric"]


def accuracy_of(samples: int) -> Floats:
    return counted(0.96 - 0.5 * np.exp(-20 * X) + noise(100, 0.01, 12), samples)


@pytest.mark.parametrize("samples", [53, 171, 199, 720, 1999])
@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_the_number_of_samples_shows_in_the_fractions(samples: int, scale: float) -> None:
    values = scale * accuracy_of(samples)
    assert samples_of(metric(values)) == samples
    printed = values.astype(np.float32).astype(np.float64)
    assert samples_of(metric(printed)) == samples


def test_four_decimals_show_a_small_number() -> None:
    assert samples_of(metric(accuracy_of(53).round(4))) == 53


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(0.8 + noise(100, 0.05, 13), id="fractions of no number"),
        pytest.param(accuracy_of(50_000), id="of a large number"),
        pytest.param(np.floor(4 * X) / 7.001, id="a number that fits by accident"),
        pytest.param(np.where(X < 0.5, 0.5, 0.75), id="two values only"),
        pytest.param(np.where(X < 0.5, 0.0, 1.0), id="nothing and everything"),
    ],
)
def test_nothing_is_known_of_other_accuracies(values: Floats) -> None:
    assert samples_of(metric(values)) is None


def test_a_metric_that_counts_nothing_shows_no_number() -> None:
    assert samples_of(metric(accuracy_of(53), "val/auc")) is None
    assert samples_of(None) is None


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=60),
    st.integers(300, 900),
)
def test_what_is_found_divides_the_true_number(counts: list[int], samples: int) -> None:
    values = np.array(counts, dtype=np.float64) / samples
    found = samples_of(metric(values))
    assert found is None or samples % found == 0


def test_three_samples_are_few_and_four_are_not() -> None:
    counting = metric(accuracy_of(53))
    assert falls_by_few(counting, 3 / 53)
    assert not falls_by_few(counting, 4 / 53)


def test_what_chance_may_change_shrinks_with_the_samples() -> None:
    small, large = (metric(accuracy_of(n)) for n in (199, 1999))
    assert falls_by_chance(small, 0.02)
    assert not falls_by_chance(large, 0.02)


def _run(val: Floats, accuracy: Floats) -> Run:
    return make_run(train_loss=TRAIN, val_loss=val, val_accuracy=accuracy, config=CONFIG)


@pytest.mark.parametrize("rule", [Overfitting(), ValLossRisesMetricHolds()])
def test_a_rise_that_four_of_53_samples_can_make_is_not_judged(
    advise: Advise, rule: Overfitting | ValLossRisesMetricHolds
) -> None:
    few: Outcome = advise(rule, _run(RISING, accuracy_of(53)))
    assert few.result == "not-applicable"
    assert not few.findings
    assert advise(rule, _run(1.2 * RISING, accuracy_of(720))).findings


def test_a_large_rise_is_judged_on_53_samples_too(advise: Advise) -> None:
    large = turning(100, seed=11, rise=1.0)
    assert advise(Overfitting(), _run(large, accuracy_of(53))).findings


def test_a_rise_that_an_accuracy_shows_too_is_judged_on_53_samples(advise: Advise) -> None:
    lost = counted(0.96 - 0.5 * np.exp(-20 * X) - 0.12 * X + noise(100, 0.01, 12), 53)
    assert advise(Overfitting(), _run(RISING, lost)).findings


FALLEN = 0.96 - 0.5 * np.exp(-30 * X) - 0.05 * (X > 0.4)


@pytest.mark.parametrize("rule", [PastBest(), BestCheckpointNotKept()])
def test_an_accuracy_that_fell_by_three_samples_is_not_judged(
    advise: Advise, rule: PastBest | BestCheckpointNotKept
) -> None:
    few = make_run(val_accuracy=counted(FALLEN + noise(100, 0.002, 14), 53))
    many = make_run(val_accuracy=counted(FALLEN + noise(100, 0.002, 14), 720))
    assert advise(rule, few).result == "not-applicable"
    assert advise(rule, many).findings


@pytest.mark.parametrize("rule", [PastBest(), BestCheckpointNotKept()])
def test_an_accuracy_that_other_samples_would_change_as_much_is_not_judged(
    advise: Advise, rule: PastBest | BestCheckpointNotKept
) -> None:
    fall = 0.7 - 0.4 * np.exp(-30 * X) - 0.08 * (X > 0.3) + noise(100, 0.002, 15)
    few, many = (make_run(val_accuracy=counted(fall, n)) for n in (199, 1999))
    assert advise(rule, few).result == "not-applicable"
    assert advise(rule, many).findings


def test_a_metric_that_a_few_samples_made_worse_says_nothing() -> None:
    worse = counted(0.96 - 0.5 * np.exp(-30 * X) - 0.04 * (X > 0.4), 53)
    run = view({"val/loss": RISING, "val/accuracy": worse})
    assert metric_since(run, turn(run["val/loss"])) is Metric.UNKNOWN


def test_early_stopping_is_not_asked_for_where_the_accuracy_held(advise: Advise) -> None:
    large = turning(100, seed=11, rise=1.0)
    held = _run(large, accuracy_of(720))
    fallen = _run(large, counted(FALLEN - 0.1 * (X > 0.4) + noise(100, 0.002, 16), 720))
    assert not advise(EarlyStoppingMissing(), held).findings
    assert advise(EarlyStoppingMissing(), fallen).findings


def test_a_better_epoch_by_the_metric_must_be_better_than_chance(advise: Advise) -> None:
    late = 0.7 + 0.03 * X + noise(100, 0.001, 17)
    few, many = (_run(turning(100, seed=50, at=0.25), counted(late, n)) for n in (199, 50_000))
    assert not advise(LossIsNotTheMetric(), few).findings
    assert advise(LossIsNotTheMetric(), many).findings
