from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import falling
from advisor_rules.learning_rate.lr_range import LrRange
from advisor_rules.signs.rose_together import rose_together
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 400)
AT = np.arange(19, 400, 20)
LOSS = falling(400, seed=700, size=0.1)
SMOOTH = falling(400, seed=701, size=0.0)
BUMP = 0.5 * (np.abs(X - 0.5) < 0.06)
HIGH: dict[str, Value] = {"lr": 0.3}


def _run(train: Floats, val: Floats, axis: Axis = Axis.STEP, **more: Floats) -> Run:
    logged = {"train/loss": train, "val/loss": val[AT], **more}
    if axis is Axis.EPOCH:
        logged["train/loss"] = train.reshape(len(AT), -1).mean(axis=1)
        return make_run(series=logged, axis=axis, config=HIGH)
    return make_run(series=logged, steps={"val/loss": AT}, config=HIGH)


def _rose(run: Run) -> bool:
    view = RunView(Judged(run, understand(run)), ("train/loss", "val/loss"))
    return rose_together(view["train/loss"], view["val/loss"])


@pytest.mark.parametrize("axis", [Axis.STEP, Axis.EPOCH])
def test_a_bump_in_both_losses_is_seen_by_step_and_by_epoch(axis: Axis) -> None:
    assert _rose(_run(LOSS + BUMP, SMOOTH + BUMP, axis))


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(LOSS, SMOOTH, id="both fall"),
        pytest.param(LOSS, SMOOTH + BUMP, id="validation alone"),
        pytest.param(LOSS, SMOOTH + np.clip(X - 0.3, 0, None), id="learned by heart"),
        pytest.param(LOSS + BUMP, SMOOTH, id="training alone"),
        pytest.param(LOSS + BUMP, SMOOTH + np.roll(BUMP, 120), id="one after the other"),
        pytest.param(LOSS + BUMP / 20, SMOOTH + BUMP, id="hardly in training"),
    ],
)
def test_what_lifts_one_of_them_lifts_not_both(train: Floats, val: Floats) -> None:
    assert not _rose(_run(train, val))


def test_few_validations_show_no_rise() -> None:
    few = make_run(
        series={"train/loss": LOSS + BUMP, "val/loss": (SMOOTH + BUMP)[AT[2::3]]},
        steps={"val/loss": AT[2::3]},
    )
    assert not _rose(few)


def test_a_validation_after_every_row_is_held_against_that_row() -> None:
    both = make_run(train_loss=SMOOTH + BUMP, val_loss=SMOOTH + BUMP)
    assert _rose(both)


def test_a_high_rate_of_an_unknown_optimizer_is_a_suspect_where_both_rose(advise: Advise) -> None:
    (finding,) = advise(LrRange(), _run(LOSS + BUMP, SMOOTH + BUMP)).findings
    assert (finding.changes[0].before, finding.changes[0].after) == (0.3, 0.03)
    assert not advise(LrRange(), _run(LOSS, SMOOTH)).findings


def test_losses_that_rise_as_the_rate_restarts_say_nothing_of_it(advise: Advise) -> None:
    restarts = 0.3 * (1.001 - (2 * X) % 1)
    assert not advise(LrRange(), _run(LOSS + BUMP, SMOOTH + BUMP, lr=restarts)).findings
