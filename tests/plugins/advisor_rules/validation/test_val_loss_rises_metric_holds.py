from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.judging.judge import judge
from advisor.roles import Objective
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged
from advisor_rules.examples import falling, noise, turning, with_values
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.validation.val_loss_rises_metric_holds import ValLossRisesMetricHolds
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 100)
TRAIN = falling(100, seed=10, floor=0.1)
TURNED = turning(100, seed=11)
FLAT = falling(100, seed=12, floor=0.9, rate=8)
STAYS = 0.8 - 0.5 * np.exp(-15 * X) + noise(100, 0.005, 21)
BETTER = 0.5 + 0.3 * X + noise(100, 0.01, 20)
WORSE = STAYS - 0.1 * X


def test_the_turn_of_the_loss_and_the_best_step_of_the_metric_are_found(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=BETTER)
    (finding,) = advise(ValLossRisesMetricHolds(), run).findings
    loss, metric = finding.evidence
    assert (loss.series, metric.series) == ("val/loss", "val/accuracy")
    assert 20 <= loss.first_step <= 40
    assert metric.value == pytest.approx(0.2, abs=0.05)
    assert int(str(finding.advice.do.params["kept"])) >= 90
    assert (finding.severity, finding.changes) == (Severity.NOTE, ())


@pytest.mark.parametrize(
    ("val", "metric"),
    [
        pytest.param(TURNED, BETTER, id="the accuracy improves"),
        pytest.param(TURNED, STAYS, id="the accuracy stays"),
        pytest.param(turning(100, seed=13, rise=0.12), STAYS, id="a slight rise"),
        pytest.param(TURNED, 100 * STAYS, id="in per cent"),
        pytest.param(TURNED, STAYS + noise(100, 0.03, 22), id="a noisy accuracy"),
        pytest.param(TURNED, with_values(STAYS, 0.95, 40), id="one lucky accuracy"),
        pytest.param(TURNED[::10], BETTER[::10], id="ten epochs"),
        pytest.param(TURNED - 3, STAYS, id="a loss below zero"),
    ],
)
def test_a_metric_that_holds_leads_and_overfitting_is_the_second_explanation(
    advise: Advise, val: Floats, metric: Floats
) -> None:
    run = make_run(train_loss=TRAIN[:: 100 // len(val)], val_loss=val, val_accuracy=metric)
    rules = {rule.name: rule for rule in (ValLossRisesMetricHolds(), Overfitting())}
    holds, over = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((over, holds))
    assert [h.finding for h in diagnosis.hypotheses] == [holds.id, over.id]
    assert diagnosis.next.changes == ()


def test_an_error_that_falls_holds_too(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_wer=1 - BETTER)
    (finding,) = advise(ValLossRisesMetricHolds(), run).findings
    assert finding.evidence[1].value > 0


def test_it_is_told_without_a_training_loss(advise: Advise) -> None:
    run = make_run(val_loss=TURNED, val_accuracy=STAYS)
    assert advise(ValLossRisesMetricHolds(), run).findings


def test_a_metric_that_improves_to_the_end_is_surer_than_one_that_stays(advise: Advise) -> None:
    better, stays = (
        advise(
            ValLossRisesMetricHolds(),
            make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=accuracy),
        ).findings[0]
        for accuracy in (BETTER, STAYS)
    )
    assert better.confidence > stays.confidence


@pytest.mark.parametrize(
    ("train", "val", "metric"),
    [
        pytest.param(TRAIN, FLAT, BETTER, id="the loss stays"),
        pytest.param(TRAIN, TRAIN + 0.1, BETTER, id="the loss falls"),
        pytest.param(TRAIN, FLAT + 0.01 * X, STAYS, id="a rise of one per cent"),
        pytest.param(
            TRAIN, 2.3 * np.exp(-12 * X) + 0.1 + 0.1 * X, STAYS, id="little against the whole fall"
        ),
        pytest.param(TRAIN, TURNED, WORSE, id="the metric drops"),
        pytest.param(TRAIN, TURNED, np.full(100, 0.5), id="a metric that never moves"),
        pytest.param(turning(100, seed=18), TURNED, STAYS, id="the training loss rises too"),
        pytest.param(TRAIN, with_values(FLAT, 5.0, 40, 70, 99), STAYS, id="spikes of the loss"),
        pytest.param(TRAIN, with_values(FLAT, 0.5, 20), STAYS, id="one lucky early loss"),
        pytest.param(TRAIN, turning(100, seed=19, at=0.98), STAYS, id="turns at the last point"),
        pytest.param(TRAIN, 0.9 + noise(100, 0.1, 17), STAYS, id="only noise"),
    ],
)
def test_it_stays_silent(advise: Advise, train: Floats, val: Floats, metric: Floats) -> None:
    run = make_run(train_loss=train, val_loss=val, val_accuracy=metric)
    assert advise(ValLossRisesMetricHolds(), run).findings == ()


@pytest.mark.parametrize(
    ("seen", "fires"),
    [
        pytest.param(0.02 * (X < 0.4), False, id="it slipped"),
        pytest.param(0.02 * (X > 0.4) * (X < 0.7), True, id="only below a best that came later"),
    ],
)
@pytest.mark.parametrize("seed", [23, 24, 26])
def test_a_metric_that_may_have_slipped_does_not_hold(
    advise: Advise, seed: int, seen: Floats, *, fires: bool
) -> None:
    metric = 0.8 - 0.5 * np.exp(-15 * X) + seen + noise(100, 0.015, seed)
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=metric)
    assert bool(advise(ValLossRisesMetricHolds(), run).findings) is fires


def test_a_metric_of_unknown_direction_leaves_it_to_overfitting(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_score=BETTER)
    assert advise(ValLossRisesMetricHolds(), run).findings == ()
    assert advise(Overfitting(), run).findings


def test_a_run_that_is_judged_by_its_loss_overfits_whatever_the_metric_does() -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=BETTER)
    objective = Objective(series="val/loss", direction="min", how="settings")
    understanding = understand(run).model_copy(update={"objective": objective})
    rules = (ValLossRisesMetricHolds(), Overfitting())
    outcomes = judge(
        Judged(run, understanding), rules, seconds=60, started=lambda _: None, failed={}
    )
    assert [outcome.result for outcome in outcomes] == ["passed", "failed"]
