from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.program.stale_gradients import StaleGradients
from tests.plugins.advisor_rules.conftest import Advise

N = 300
LOSS = falling(N, seed=480, floor=0.8) * np.exp(noise(N, 0.2, 481))
GROWS = np.linspace(1, 6, N)
ADDS_UP = GROWS * np.exp(noise(N, 0.004, 482))
SCATTERS = GROWS * np.exp(noise(N, 0.3, 483))


def summed(steps: int, clear: bool) -> tuple[Floats, Floats]:
    """Return losses and gradient norms of a linear regression by stochastic descent."""
    draws = np.random.default_rng(484)
    weights, stale, target = np.zeros(8), np.zeros(8), draws.normal(0, 1, 8)
    losses, norms = [], []
    for _ in range(steps):
        x = draws.normal(0, 1, (16, 8))
        wrong = x @ (weights - target) + draws.normal(0, 0.5, 16)
        stale = x.T @ wrong / 16 + (0.0 if clear else 1.0) * stale
        losses.append(float(np.mean(wrong**2)))
        norms.append(float(np.linalg.norm(stale)))
        weights = weights - (0.05 if clear else 1e-5) * stale
    return np.array(losses), np.array(norms)


def test_a_norm_that_grows_without_scatter_is_a_note(advise: Advise) -> None:
    run = make_run(train_loss=LOSS, grad_norm=ADDS_UP)
    (finding,) = advise(StaleGradients(), run).findings
    change, growth, _ = finding.evidence
    assert finding.severity is Severity.NOTE
    assert change.value < 0.01
    assert growth.value == pytest.approx(5, rel=0.2)


def test_gradients_that_were_never_cleared_are_found(advise: Advise) -> None:
    losses, norms = summed(N, clear=False)
    run = make_run(train_loss=losses, grad_norm=norms)
    assert advise(StaleGradients(), run).findings


def test_gradients_that_were_cleared_pass(advise: Advise) -> None:
    losses, norms = summed(N, clear=True)
    run = make_run(train_loss=losses, grad_norm=norms)
    assert advise(StaleGradients(), run).result == "passed"


@pytest.mark.parametrize(
    ("loss", "norm"),
    [
        pytest.param(LOSS, SCATTERS, id="it grows, and scatters"),
        pytest.param(LOSS, ADDS_UP[::-1], id="it falls"),
        pytest.param(LOSS, 1 + noise(N, 0.004, 485), id="it stays, as a clipped one does"),
        pytest.param(falling(N, seed=486, size=1e-4), ADDS_UP, id="the loss is as smooth"),
        pytest.param(LOSS, GROWS * np.exp(noise(N, 0.05, 487)), id="it scatters a little"),
    ],
)
def test_other_norms_pass(advise: Advise, loss: Floats, norm: Floats) -> None:
    assert advise(StaleGradients(), make_run(train_loss=loss, grad_norm=norm)).result == "passed"


def test_a_norm_that_stood_at_0_is_not_judged(advise: Advise) -> None:
    run = make_run(train_loss=LOSS, grad_norm=np.where(GROWS < 1.1, 0.0, ADDS_UP))
    assert advise(StaleGradients(), run).result == "not-applicable"


def test_a_norm_that_is_rounded_is_not_judged(advise: Advise) -> None:
    run = make_run(train_loss=LOSS, grad_norm=np.round(GROWS + noise(N, 0.1, 488)))
    assert advise(StaleGradients(), run).result == "not-applicable"


def test_norms_of_other_steps_are_not_judged(advise: Advise) -> None:
    steps = {"grad_norm": 3 * np.arange(N) + 1, "train/loss": 3 * np.arange(N)}
    series = {"train/loss": LOSS, "grad_norm": ADDS_UP}
    run = make_run(series=series, steps=steps)
    assert advise(StaleGradients(), run).result == "not-applicable"


def test_a_run_of_few_epochs_is_too_short(advise: Advise) -> None:
    run = make_run(train_loss=LOSS[:60], grad_norm=ADDS_UP[:60], axis=Axis.EPOCH)
    assert advise(StaleGradients(), run).result == "not-applicable"
