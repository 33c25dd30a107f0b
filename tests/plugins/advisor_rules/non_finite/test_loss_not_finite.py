from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, with_values
from advisor_rules.non_finite.loss_not_finite import LossNotFinite
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(100, seed=1)
NAN = with_values(LOSS, np.nan, *range(60, 100))


def test_a_nan_is_placed_between_the_last_good_step_and_the_end(advise: Advise) -> None:
    finding = advise(LossNotFinite(), make_run(train_loss=NAN)).findings[0]
    evidence = finding.evidence[0]
    assert (evidence.series, evidence.first_step, evidence.last_step) == ("train/loss", 59, 99)
    assert evidence.value == 40
    assert finding.severity is Severity.ERROR


def test_the_cost_is_the_share_after_the_last_good_step(advise: Advise) -> None:
    cost = advise(LossNotFinite(), make_run(train_loss=NAN)).findings[0].cost
    assert cost is not None
    assert cost.share == pytest.approx(40 / 99)


def test_the_rate_is_lowered_under_the_name_the_run_gives_it(advise: Advise) -> None:
    run = make_run(train_loss=NAN, config={"optimizer.lr": 0.1})
    change = advise(LossNotFinite(), run).findings[0].changes[0]
    assert (change.path, change.before, change.after) == ("optimizer.lr", 0.1, 0.01)


def test_a_single_nan_at_which_training_stopped_is_found(advise: Advise) -> None:
    stopped = with_values(LOSS[:61], np.nan, 60)
    assert advise(LossNotFinite(), make_run(train_loss=stopped)).findings


def test_a_loss_that_never_was_finite_proposes_no_rate(advise: Advise) -> None:
    run = make_run(train_loss=np.full(50, np.nan))
    finding = advise(LossNotFinite(), run).findings[0]
    assert finding.changes == ()
    assert finding.first_step == 0


def test_where_no_loss_is_finite_the_whole_run_is_lost(advise: Advise) -> None:
    cost = advise(LossNotFinite(), make_run(train_loss=np.full(50, np.nan))).findings[0].cost
    assert cost is not None
    assert (cost.share, cost.first_step, cost.last_step) == (1.0, 0, 49)


def test_train_and_validation_that_go_together_are_one_finding(advise: Advise) -> None:
    findings = advise(LossNotFinite(), make_run(train_loss=NAN, val_loss=NAN)).findings
    assert [[e.series for e in f.evidence] for f in findings] == [["train/loss", "val/loss"]]


def test_validation_alone_is_a_warning(advise: Advise) -> None:
    findings = advise(LossNotFinite(), make_run(train_loss=LOSS, val_loss=NAN)).findings
    assert [f.severity for f in findings] == [Severity.WARNING]


def test_a_training_loss_that_is_bad_again_and_again_is_a_warning(advise: Advise) -> None:
    run = make_run(train_loss=with_values(LOSS, np.inf, 20, 41, 42, 77))
    assert [f.severity for f in advise(LossNotFinite(), run).findings] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(LOSS, LOSS, id="all finite"),
        pytest.param(with_values(LOSS, np.inf, 50), LOSS, id="one step that loss scaling skips"),
        pytest.param(LOSS, with_values(LOSS, np.inf, 3), id="one infinite validation"),
        pytest.param(LOSS, with_values(LOSS, np.nan, 99), id="the last validation is missing"),
        pytest.param(
            LOSS,
            with_values(LOSS, np.nan, *(i for i in range(100) if i % 5)),
            id="NaN between validations, at the end too",
        ),
        pytest.param(LOSS * 1e30, LOSS, id="huge but finite"),
    ],
)
def test_a_run_that_is_fine_passes(advise: Advise, train: Floats, val: Floats) -> None:
    assert advise(LossNotFinite(), make_run(train_loss=train, val_loss=val)).findings == ()
