from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.gradients.exploding_gradients import ExplodingGradients
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 400)
LOSS = falling(400, seed=1)
NORM = np.exp(noise(400, 0.3, 2))
PLACES = (120, 200, 290)
BURSTS = with_values(NORM, 60.0, *PLACES)
SPIKES = with_values(LOSS, 2.0, *PLACES)
RISING = LOSS + 2 * np.clip(X - 0.6, 0, None)


def test_bursts_at_spikes_of_the_loss_are_a_note(advise: Advise) -> None:
    finding = advise(ExplodingGradients(), make_run(train_loss=SPIKES, grad_norm=BURSTS)).findings[
        0
    ]
    assert finding.severity is Severity.NOTE
    assert (finding.first_step, finding.last_step) == (120, 290)
    assert finding.evidence[0].value == pytest.approx(60, rel=0.3)


def test_a_norm_that_grows_while_the_loss_rises_is_a_warning(advise: Advise) -> None:
    norm = NORM * (1 + 20 * np.clip(X - 0.6, 0, None))
    finding = advise(ExplodingGradients(), make_run(train_loss=RISING, grad_norm=norm)).findings[0]
    assert finding.severity is Severity.WARNING
    assert finding.evidence[0].value > 5


def test_a_norm_that_leaps_before_the_loss_is_no_number_is_a_warning(advise: Advise) -> None:
    norm = NORM * np.where(X > 0.5, 300.0, 1.0)
    loss = with_values(LOSS, np.nan, *range(203, 400))
    finding = advise(ExplodingGradients(), make_run(train_loss=loss, grad_norm=norm)).findings[0]
    assert finding.severity is Severity.WARNING
    assert finding.last_step == 203


def test_a_blow_up_after_twelve_steps_is_found(advise: Advise) -> None:
    norm = NORM[:20] * 4.0 ** np.clip(np.arange(20) - 7, 0, None)
    loss = with_values(LOSS[:20], np.inf, *range(12, 20))
    assert advise(ExplodingGradients(), make_run(train_loss=loss, grad_norm=norm)).findings


def test_the_spike_may_come_a_point_after_the_burst(advise: Advise) -> None:
    loss = with_values(LOSS, 2.0, *(place + 1 for place in PLACES))
    assert advise(ExplodingGradients(), make_run(train_loss=loss, grad_norm=BURSTS)).findings


def test_the_norm_has_no_unit(advise: Advise) -> None:
    for unit in (1e-6, 1e6):
        run = make_run(train_loss=SPIKES, grad_norm=BURSTS * unit)
        assert advise(ExplodingGradients(), run).findings


@pytest.mark.parametrize(("clip", "proposed"), [(50.0, None), (1.0, 0.5)])
def test_a_configured_threshold_is_lowered(
    advise: Advise, clip: float, proposed: float | None
) -> None:
    run = make_run(train_loss=SPIKES, grad_norm=BURSTS, config={"opt.clip_grad": clip})
    change = advise(ExplodingGradients(), run).findings[0].changes[0]
    assert (change.path, change.before, change.direction) == ("opt.clip_grad", clip, "down")
    assert isinstance(change.after, float)
    assert change.after < clip
    assert proposed is None or change.after == proposed


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(train_loss=LOSS, grad_norm=NORM), id="nothing happens"),
        pytest.param(make_run(train_loss=LOSS, grad_norm=BURSTS), id="bursts alone"),
        pytest.param(make_run(train_loss=SPIKES, grad_norm=NORM), id="spikes alone"),
        pytest.param(
            make_run(train_loss=SPIKES, grad_norm=BURSTS + 200 * np.exp(-50 * X)),
            id="bursts lower than at the start",
        ),
        pytest.param(
            make_run(train_loss=with_values(LOSS, 2.0, 60, 150, 330), grad_norm=BURSTS),
            id="bursts and spikes at other steps",
        ),
        pytest.param(
            make_run(
                train_loss=with_values(LOSS, 2.0, 200), grad_norm=with_values(NORM, 60.0, 200)
            ),
            id="one spike",
        ),
        pytest.param(
            make_run(train_loss=LOSS, grad_norm=NORM * (1 + 9 * X)), id="norm grows, loss falls"
        ),
        pytest.param(make_run(train_loss=RISING, grad_norm=NORM), id="loss rises, norm does not"),
        pytest.param(
            make_run(train_loss=LOSS, grad_norm=NORM + 100 * np.exp(-50 * X)), id="large at first"
        ),
        pytest.param(
            make_run(train_loss=LOSS, grad_norm=np.exp(noise(400, 1.2, 5))), id="wide scatter"
        ),
        pytest.param(
            make_run(train_loss=with_values(LOSS, np.nan, *range(200, 400)), grad_norm=NORM),
            id="a loss that is no number, and calm gradients",
        ),
        pytest.param(
            make_run(train_loss=with_values(LOSS, np.nan, 120), grad_norm=BURSTS),
            id="one value that is no number",
        ),
        pytest.param(make_run(train_loss=SPIKES, grad_norm=np.zeros(400)), id="no gradient"),
    ],
)
def test_gradients_that_take_no_loss_with_them_pass(advise: Advise, run: Run) -> None:
    assert advise(ExplodingGradients(), run).findings == ()


def test_without_a_norm_it_says_what_to_log(advise: Advise) -> None:
    assert advise(ExplodingGradients(), make_run(train_loss=SPIKES)).result == "missing-input"


def test_the_losses_of_an_agent_are_not_judged(advise: Advise) -> None:
    run = make_run(
        series={"train/loss": SPIKES, "grad_norm": BURSTS, "rollout/ep_rew_mean": 100 * X}
    )
    assert advise(ExplodingGradients(), run).result == "not-applicable"
