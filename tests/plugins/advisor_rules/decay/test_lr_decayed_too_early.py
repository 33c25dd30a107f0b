from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.decay.lr_decayed_too_early import LrDecayedTooEarly
from advisor_rules.examples import falling, half_cosine, noise, stopped, turning
from tests.plugins.advisor_rules.conftest import Advise

N = 400
X = np.linspace(0, 1, N)
HALF = half_cosine(N, 0.5)
HELD = 0.1 * 0.5 ** (20 * np.clip(X - 0.3, 0, None))
STEPS = 0.1 * 10.0 ** -np.floor(2 * X + 2 * (X > 0.75))


def follows(rate: Floats, speed: float = 3.0) -> Floats:
    """Return a loss that moves in proportion to the rate."""
    moved = np.cumsum(rate) / (rate.max() * len(rate))
    return np.asarray(0.3 + 2.0 * np.exp(-speed * moved) + noise(len(rate), 0.01, 1))


EPOCHS = (1.0 + np.cos(np.pi * np.arange(1, 13) / 12)) / 2.0
"""A cosine to the end of twelve epochs, logged after each of them."""
MEANS = np.array([2.81, 2.38, 2.25, 2.17, 2.11, 2.05, 2.0, 1.95, 1.91, 1.87, 1.85, 1.835])
"""The mean losses of a healthy training of twelve epochs."""
BENT = 0.4 + 1.22 * np.exp(-((X / 0.16) ** 1.3)) + noise(N, 0.012, 12)
"""A loss that falls in a line, for as long as an exponential decay keeps half of its rate."""


def test_a_cosine_over_half_the_run_is_a_warning_with_its_cost(advise: Advise) -> None:
    run = make_run(train_loss=stopped(N, 0.5), lr=HALF, config={"lr_scheduler": "cosine"})
    finding = advise(LrDecayedTooEarly(), run).findings[0]
    assert finding.severity is Severity.WARNING
    assert 175 <= finding.first_step <= 200
    assert finding.last_step == N - 1
    assert finding.cost is not None
    assert finding.cost.share == pytest.approx(0.55, abs=0.03)
    assert finding.changes[0].path == "lr_scheduler"


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(stopped(N, 0.8), half_cosine(N, 0.8), id="over four fifths"),
        pytest.param(stopped(60, 0.5), half_cosine(60, 0.5), id="sixty epochs"),
        pytest.param(follows(HELD), HELD, id="held, then exponential"),
        pytest.param(
            follows(np.where(X < 0.3, 0.1, 1e-4)), np.where(X < 0.3, 0.1, 1e-4), id="one drop"
        ),
    ],
)
def test_a_rate_that_vanished_in_mid_fall_is_found(
    advise: Advise, loss: Floats, rate: Floats
) -> None:
    assert advise(LrDecayedTooEarly(), make_run(train_loss=loss, lr=rate)).findings


def test_a_short_rest_is_a_note(advise: Advise) -> None:
    run = make_run(train_loss=stopped(N, 0.8), lr=half_cosine(N, 0.8))
    severities = [f.severity for f in advise(LrDecayedTooEarly(), run).findings]
    assert severities == [Severity.NOTE]


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(stopped(N, 1.0), half_cosine(N, 1.0), id="a cosine to the end"),
        pytest.param(follows(1.001 - X), 1.001 - X, id="a line to the end"),
        pytest.param(MEANS, EPOCHS, id="a cosine by epoch"),
        pytest.param(falling(N, seed=2, rate=15), HALF, id="levelled off before"),
        pytest.param(BENT, np.exp(-4.6 * X), id="an exponential decay, levelled off on the way"),
        pytest.param(falling(N, seed=3, rate=3), HALF, id="goes on falling all the same"),
        pytest.param(stopped(N, 0.5), np.full(N, 0.1), id="a constant rate"),
        pytest.param(1.0 + noise(N, 0.1, 4), HALF, id="noise"),
        pytest.param(stopped(N, 0.5) + noise(N, 1.0, 5), HALF, id="too noisy to tell"),
        pytest.param(
            2.0 - 0.15 * X - 0.6 * (X > 0.5) - 0.1 * (X > 0.75) + noise(N, 0.01, 6),
            STEPS,
            id="drops that brought the loss down",
        ),
    ],
)
def test_a_schedule_that_did_its_work_passes(advise: Advise, loss: Floats, rate: Floats) -> None:
    assert advise(LrDecayedTooEarly(), make_run(train_loss=loss, lr=rate)).findings == ()


def test_it_passes_where_validation_got_worse(advise: Advise) -> None:
    run = make_run(train_loss=stopped(N, 0.5), lr=HALF, val_loss=turning(N, seed=7))
    assert advise(LrDecayedTooEarly(), run).findings == ()


def test_rate_and_loss_may_be_logged_on_different_axes(advise: Advise) -> None:
    run = make_run(
        series={"train/loss": stopped(N, 0.5), "lr": half_cosine(40, 0.5)}, axis=Axis.EPOCH
    )
    late = make_run(series={"train/loss": stopped(N, 0.5)}, lr=HALF)
    assert advise(LrDecayedTooEarly(), late).findings
    assert advise(LrDecayedTooEarly(), run).result in ("passed", "failed")


def test_a_rate_of_zero_is_not_read(advise: Advise) -> None:
    run = make_run(train_loss=stopped(N, 0.5), lr=np.zeros(N))
    assert advise(LrDecayedTooEarly(), run).result == "not-applicable"


TENTH = half_cosine(N, 0.1)


@pytest.mark.parametrize("each", [16, 39])
def test_a_rate_that_was_gone_for_most_of_the_run_is_noted_where_little_was_logged_before(
    advise: Advise, each: int
) -> None:
    epochs = np.arange(each - 1, N, each)
    run = make_run(
        train_loss=stopped(N, 0.1)[epochs],
        steps={"train/loss": epochs, "lr": epochs},
        lr=TENTH[epochs],
    )
    (finding,) = advise(LrDecayedTooEarly(), run).findings
    assert (finding.severity, finding.evidence[0].series) == (Severity.NOTE, "lr")
    assert finding.cost is not None
    assert finding.cost.share > 0.85


def test_a_loss_that_was_done_before_the_rate_had_gone_is_left_alone(advise: Advise) -> None:
    run = make_run(train_loss=falling(N, seed=6, rate=60), lr=half_cosine(N, 0.3))
    assert advise(LrDecayedTooEarly(), run).findings == ()


def test_where_the_scatter_hides_what_the_loss_did_a_vanished_rate_is_still_noted(
    advise: Advise,
) -> None:
    run = make_run(train_loss=stopped(N, 0.1) + noise(N, 0.5, 7), lr=TENTH)
    assert [f.severity for f in advise(LrDecayedTooEarly(), run).findings] == [Severity.NOTE]


def test_a_rate_that_was_gone_for_nearly_all_of_the_run_is_noted_on_a_plateau(
    advise: Advise,
) -> None:
    run = make_run(train_loss=falling(N, seed=8, rate=200), lr=TENTH)
    (finding,) = advise(LrDecayedTooEarly(), run).findings
    assert finding.severity is Severity.NOTE
    assert finding.first_step == pytest.approx(36, abs=4)


AT = np.arange(19, N, 20)
A_FIFTIETH = 3e-3 * np.where(X < 0.3, 1.0, 0.02)
LEVELLED = 0.3 + 2.0 * np.exp(-np.arange(20) / 0.8)
SHAKEN = LEVELLED + 0.04 * (-1.0) ** np.arange(20)


GAINING = LEVELLED + 0.1 * (1.0 - AT / N)


@pytest.mark.parametrize(
    ("val", "notes"),
    [
        pytest.param(SHAKEN, 0, id="on a plateau"),
        pytest.param(LEVELLED, 0, id="levelled off"),
        pytest.param(GAINING, 1, id="it gains for what is left of the rate"),
        pytest.param(GAINING[::-1], 0, id="it gets worse"),
        pytest.param(LEVELLED + 0.01 * (1.0 - AT / N), 0, id="it gains next to nothing"),
        pytest.param(GAINING + 0.04 * (-1.0) ** np.arange(20), 0, id="up and down as it gains"),
        pytest.param(SHAKEN[::4], 1, id="too few validations"),
    ],
)
def test_what_validation_gains_at_a_vanished_rate_shows_what_was_lost(
    advise: Advise, val: Floats, notes: int
) -> None:
    steps = {"train/loss": AT, "lr": AT, "val/loss": AT if len(val) == len(AT) else AT[::4]}
    run = make_run(train_loss=LEVELLED, val_loss=val, lr=A_FIFTIETH[AT], steps=steps)
    assert len(advise(LrDecayedTooEarly(), run).findings) == notes


@pytest.mark.parametrize(("end", "notes"), [(0.85, 1), (0.97, 0)])
def test_the_loss_of_right_answers_falls_on_without_loss(
    advise: Advise, end: float, notes: int
) -> None:
    accuracy = end * (1 - 0.5 * np.exp(-9 * AT / N))
    run = make_run(
        train_loss=LEVELLED,
        val_loss=GAINING,
        val_accuracy=accuracy,
        lr=A_FIFTIETH[AT],
        steps=dict.fromkeys(("train/loss", "lr", "val/loss", "val/accuracy"), AT),
    )
    assert len(advise(LrDecayedTooEarly(), run).findings) == notes


def test_a_drift_promises_no_more_than_validation_gained_at_the_full_rate(advise: Advise) -> None:
    x = np.linspace(0, 1, 60)
    rate = np.where(x < 0.4, 0.1, 1e-4)
    rested = 0.5 + 2.0 * np.exp(-x / 0.03) + noise(60, 0.02, 21) * (x < 0.4)
    drift = 0.004 * np.clip(x - 0.4, 0, None)
    run = make_run(train_loss=rested - drift, val_loss=rested - drift - 0.05 * (x > 0.4), lr=rate)
    assert not advise(LrDecayedTooEarly(), run).findings


def test_a_rate_of_exactly_a_fiftieth_has_vanished(advise: Advise) -> None:
    rate = 3e-3 * np.where(X < 0.25, 1.0, 0.02)
    run = make_run(train_loss=follows(rate, 30.0) + noise(N, 0.5, 9), lr=rate)
    assert [f.severity for f in advise(LrDecayedTooEarly(), run).findings] == [Severity.NOTE]


EPOCHS = np.arange(25.0)
FELL = 0.8 + 0.5 * np.exp(-2 * EPOCHS)
DRIFT = 0.9 - 0.0002 * EPOCHS


def _unlogged(loss: Floats, val: Floats) -> Run:
    return make_run(axis=Axis.EPOCH, train_loss=loss, val_loss=val)


@pytest.mark.parametrize(
    ("loss", "val"),
    [
        pytest.param(FELL, DRIFT, id="a drift"),
        pytest.param(FELL + noise(25, 0.01, 5), DRIFT, id="noisy batches"),
        pytest.param(FELL, DRIFT + 0.1 * np.exp(-2 * EPOCHS), id="validation fell before as well"),
    ],
)
def test_a_drift_after_a_fall_is_noted_where_no_rate_is_logged(
    advise: Advise, loss: Floats, val: Floats
) -> None:
    (finding,) = advise(LrDecayedTooEarly(), _unlogged(loss, val)).findings
    (evidence,) = finding.evidence
    assert finding.severity is Severity.NOTE
    assert (evidence.series, evidence.first_step, evidence.last_step) == ("val/loss", 8, 24)
    assert evidence.value > 50
    assert finding.advice.evidence.id.endswith("unseen")


@pytest.mark.parametrize(
    ("loss", "val"),
    [
        pytest.param(FELL, DRIFT + noise(25, 0.001, 6), id="up and down"),
        pytest.param(FELL, 1.7 - DRIFT, id="upwards"),
        pytest.param(FELL, 0.9 + 0.1 * np.exp(-EPOCHS / 8), id="levels off by itself"),
        pytest.param(FELL, 0.9 + 0.1 * np.exp(-EPOCHS / 3), id="levels off sooner"),
        pytest.param(FELL, 0.9 + 0.2 / (1 + EPOCHS), id="a power law"),
        pytest.param(FELL, 0.9 - 0.01 * EPOCHS, id="it still falls"),
        pytest.param(1.1 - 0.001 * EPOCHS, DRIFT, id="a line all along: a low rate"),
        pytest.param(FELL, np.full(25, 0.9), id="not one bit: nothing moves at all"),
        pytest.param(FELL[:7], DRIFT[:7], id="seven epochs"),
        pytest.param(np.full(25, 0.8), DRIFT, id="nothing was learned"),
    ],
)
def test_other_ends_pass_where_no_rate_is_logged(advise: Advise, loss: Floats, val: Floats) -> None:
    assert advise(LrDecayedTooEarly(), _unlogged(loss, val)).result == "not-applicable"


def test_a_drift_shows_in_eight_epochs(advise: Advise) -> None:
    assert advise(LrDecayedTooEarly(), _unlogged(FELL[:8], DRIFT[:8])).findings


def test_a_logged_rate_decides_over_a_drift(advise: Advise) -> None:
    held = make_run(axis=Axis.EPOCH, train_loss=FELL, val_loss=DRIFT, lr=np.full(25, 0.1))
    assert advise(LrDecayedTooEarly(), held).result == "passed"


def test_without_validation_and_rate_nothing_can_be_said(advise: Advise) -> None:
    run = make_run(axis=Axis.EPOCH, train_loss=FELL)
    assert advise(LrDecayedTooEarly(), run).result == "not-applicable"
