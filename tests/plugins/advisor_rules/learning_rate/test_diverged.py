from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.learning_rate.diverged import Diverged
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 400)
FALL = falling(400, seed=2)


def test_a_jump_that_stays_is_found_after_the_best_step(advise: Advise) -> None:
    run = make_run(train_loss=FALL + 1.5 * (X > 0.6), config={"optimizer.lr": 0.3})
    finding = advise(Diverged(), run).findings[0]
    assert finding.severity is Severity.ERROR
    assert 200 <= finding.first_step <= 245
    assert finding.last_step == 399
    assert finding.changes[0].after == pytest.approx(0.03)


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(FALL + 1.5 * (X > 0.6), id="a jump"),
        pytest.param(FALL + 3 * np.clip(X - 0.4, 0, None), id="a slow rise"),
        pytest.param(2 + 4 * X + noise(400, 0.1, 3), id="up from the start"),
        pytest.param((FALL + 1.5 * (X > 0.6))[::20], id="a jump, twenty epochs"),
        pytest.param(FALL - 3 + 1.5 * (X > 0.6), id="a jump below zero"),
        pytest.param(
            7 * np.exp(-100 * X) + FALL + 1.5 * (X > 0.6), id="a jump after a steep first step"
        ),
        pytest.param(FALL + 0.9 * (X > 0.7) + noise(400, 0.1, 4), id="a smaller jump in noise"),
        pytest.param(
            FALL * np.exp(20 * X + 3 * np.sin(100 * X)), id="swings that grow by nine orders"
        ),
        pytest.param(0.5 + 60 * X, id="a hundred times its start"),
    ],
)
def test_divergence_is_found(advise: Advise, loss: Floats) -> None:
    assert advise(Diverged(), make_run(train_loss=loss)).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(FALL, id="falls"),
        pytest.param(FALL + 5 * np.exp(-(((X - 0.5) / 0.01) ** 2)), id="a spike that recovers"),
        pytest.param(FALL + 1.5 * np.exp(-(((X - 0.06) / 0.03) ** 2)), id="a warm-up hump"),
        pytest.param(FALL + 0.1 * X, id="a drift within a tenth"),
        pytest.param(FALL + 2 * (X > 0.998), id="one bad value at the end"),
        pytest.param(2 + noise(400, 0.2, 5), id="noise"),
        pytest.param(np.where(X > 0, 2.0, 0.02), id="a first batch that was easy"),
        pytest.param(FALL * np.exp(3 * np.sin(100 * X)), id="swings that do not grow"),
        pytest.param(
            FALL + 1.5 * np.exp(-np.clip(X - 0.5, 0, None) / 0.3) * (X >= 0.5),
            id="a restart on its way back down",
        ),
        pytest.param(np.full(400, 1.5), id="constant"),
    ],
)
def test_a_loss_that_did_not_diverge_passes(advise: Advise, loss: Floats) -> None:
    assert advise(Diverged(), make_run(train_loss=loss)).findings == ()


def test_a_training_loss_that_changes_scale_while_validation_improves_passes(
    advise: Advise,
) -> None:
    run = make_run(train_loss=FALL + 1.5 * (X > 0.6), val_loss=falling(400, seed=6, rate=2))
    assert advise(Diverged(), run).findings == ()


@pytest.mark.parametrize(
    ("start", "height", "severity"),
    [
        pytest.param(1.5, 0.2, Severity.NOTE, id="by a fifth"),
        pytest.param(1.5, 0.45, Severity.ERROR, id="by nearly a half"),
        pytest.param(1.1, 0.2, Severity.ERROR, id="by a fifth, to where it began"),
    ],
)
def test_a_small_rise_to_below_the_start_is_a_note(
    advise: Advise, start: float, height: float, severity: Severity
) -> None:
    x = np.linspace(0, 1, 400)
    fell = 1 + (start - 1) * np.exp(-8 * x) + noise(400, 0.005, 9)
    run = make_run(train_loss=fell + height * (x > 0.5))
    (finding,) = advise(Diverged(), run).findings
    assert finding.severity is severity


def test_the_losses_of_an_agent_are_not_judged(advise: Advise) -> None:
    run = make_run(series={"train/loss": 2 + 4 * X, "rollout/ep_rew_mean": 100 * X})
    assert advise(Diverged(), run).result == "not-applicable"


def turning_up(at: float) -> Floats:
    """Return a validation loss that has its best point at a share of the run."""
    return 1.0 + 4 * np.abs(X[9::10] - at) + noise(40, 0.01, 11)


@pytest.mark.parametrize(
    ("rise", "at", "fires"),
    [
        pytest.param(0.5, 0.25, False, id="validation had got worse for a while"),
        pytest.param(0.5, 0.55, True, id="validation turned with it"),
        pytest.param(0.5, 0.0, True, id="validation never learned"),
        pytest.param(2.0, 0.25, True, id="a rise above all that was gained"),
    ],
)
def test_a_rise_long_after_validation_turned_must_be_grave(
    advise: Advise, rise: float, at: float, *, fires: bool
) -> None:
    loss = falling(400, seed=12, start=2.0, floor=1.2) + rise * (X > 0.6)
    run = make_run(
        train_loss=loss, val_loss=turning_up(at), steps={"val/loss": np.arange(9, 400, 10)}
    )
    assert bool(advise(Diverged(), run).findings) is fires
