"""A rate that was gone for most of a run, and runs that lost little by it."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Axis
from advisor.testing.runs import make_run
from advisor_rules.decay.lr_decayed_too_early import LrDecayedTooEarly
from advisor_rules.examples import falling
from tests.plugins.advisor_rules.conftest import Advise

EPOCHS = np.linspace(0, 1, 24)
QUARTER = 3e-3 * np.where(EPOCHS < 0.25, 1.0, 0.0)
LOSS = 0.4 + 1.2 * np.exp(-9 * EPOCHS)


@pytest.mark.parametrize(
    ("end", "notes"), [(0.5, 1), (0.75, 1), (0.85, 0), (0.97, 0), (85.0, 0), (60.0, 1)]
)
def test_little_was_lost_where_the_accuracy_is_good(advise: Advise, end: float, notes: int) -> None:
    accuracy = end * (1 - 0.5 * np.exp(-9 * EPOCHS))
    run = make_run(axis=Axis.EPOCH, train_loss=LOSS, val_accuracy=accuracy, lr=QUARTER)
    assert len(advise(LrDecayedTooEarly(), run).findings) == notes


def test_a_rate_that_was_gone_for_nearly_all_of_the_run_is_noted_however_good_the_model(
    advise: Advise,
) -> None:
    tenth = 3e-3 * np.where(EPOCHS < 0.1, 1.0, 0.0)
    accuracy = np.full(24, 0.95)
    run = make_run(axis=Axis.EPOCH, train_loss=LOSS, val_accuracy=accuracy, lr=tenth)
    assert advise(LrDecayedTooEarly(), run).findings


def test_a_rate_that_a_log_rounds_to_0_did_not_vanish(advise: Advise) -> None:
    rounded = np.round(0.006 * (1 + np.cos(np.pi * np.linspace(0, 1, 400))) / 2, 2)
    rounded[1:] = 0.0
    loss = falling(400, seed=8, rate=6)
    assert advise(LrDecayedTooEarly(), make_run(train_loss=loss, lr=rounded)).findings == ()


def test_a_rate_that_vanished_within_the_first_of_five_epochs_is_not_rounded(
    advise: Advise,
) -> None:
    loss = [1.5, 1.1, 1.08, 1.06, 1.04]
    gone = [0.009] + 4 * [2e-5]
    run = make_run(axis=Axis.EPOCH, train_loss=loss, lr=gone)
    assert advise(LrDecayedTooEarly(), run).findings
    short = make_run(axis=Axis.EPOCH, train_loss=loss[:4], lr=gone[:4])
    assert advise(LrDecayedTooEarly(), short).findings == ()


def test_a_validation_that_is_never_finite_tells_nothing_of_what_was_lost(advise: Advise) -> None:
    run = make_run(axis=Axis.EPOCH, train_loss=LOSS, val_loss=np.full(24, np.nan), lr=QUARTER)
    assert advise(LrDecayedTooEarly(), run).findings
