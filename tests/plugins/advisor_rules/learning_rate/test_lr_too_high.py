from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import dancing, falling, noise, relieved
from advisor_rules.learning_rate.lr_too_high import LrTooHigh
from tests.plugins.advisor_rules.conftest import Advise

N = 400
X = np.linspace(0, 1, N)
HIGH = np.full(N, 0.1)


def wandering(n: int, memory: float, seed: int) -> Floats:
    """Return scatter with a standard deviation of 1 that remembers, as running averages do."""
    values = np.sqrt(1 - memory**2) * noise(n, 1.0, seed)
    for i in range(1, n):
        values[i] += memory * values[i - 1]
    return np.asarray(values)


def test_a_dance_under_a_high_rate_is_found_between_its_first_rise_and_last_fall(
    advise: Advise,
) -> None:
    loss = dancing(N, 4)
    run = make_run(
        train_loss=loss, val_loss=loss + noise(N, 0.05, 1), lr=HIGH, config={"optim.lr": 0.1}
    )
    finding = advise(LrTooHigh(), run).findings[0]
    assert finding.severity is Severity.WARNING
    assert 30 <= finding.first_step <= 80
    assert 320 <= finding.last_step <= 360
    assert finding.evidence[0].value == 4
    assert finding.changes[0].after == pytest.approx(0.0333)
    assert finding.changes[0].direction == "down"


@pytest.mark.parametrize(
    "logged",
    [
        pytest.param({"train/loss": dancing(N, 4)}, id="nothing else logged"),
        pytest.param({"train/loss": dancing(N, 4), "lr": HIGH}, id="no validation"),
        pytest.param(
            {"train/loss": dancing(N, 4), "lr": HIGH, "val/loss": falling(N, seed=2)},
            id="validation does not move along",
        ),
        pytest.param(
            {"train/loss": 3.0 + dancing(N, 4), "lr": HIGH, "val/loss": 3.0 + dancing(N, 4)},
            id="by little of its level, and of all it gained",
        ),
        pytest.param({"train/loss": dancing(60, 3)}, id="sixty epochs"),
    ],
)
def test_a_dance_that_may_have_other_causes_is_a_note(
    advise: Advise, logged: Mapping[str, npt.ArrayLike]
) -> None:
    findings = advise(LrTooHigh(), make_run(series=logged)).findings
    assert [f.severity for f in findings] == [Severity.NOTE]


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(falling(N, seed=3), id="settles"),
        pytest.param(falling(N, seed=3, size=0.5), id="noisy batches"),
        pytest.param(np.repeat(falling(N, seed=3), 50) + noise(50 * N, 0.8, 4), id="noisy steps"),
        pytest.param(falling(N, seed=3) + 1.5 * (abs(X - 0.5) < 0.03), id="a short rise"),
        pytest.param(falling(N, seed=5) + 0.2 * (X > 0.6), id="a small jump that stays"),
        pytest.param(falling(N, seed=5, rate=12) + 0.1 * np.sin(40 * X), id="small waves"),
        pytest.param(falling(N, seed=6) + 3.0 * (np.arange(N) % 80 == 79), id="single bad points"),
        pytest.param(falling(N, seed=7) + 0.03 * wandering(N, 0.97, 8), id="a running average"),
        pytest.param(np.full(N, 2.3), id="constant"),
        pytest.param(dancing(N, 4)[::40], id="ten epochs"),
    ],
)
def test_a_loss_that_does_not_dance_passes(advise: Advise, loss: Floats) -> None:
    assert advise(LrTooHigh(), make_run(train_loss=loss)).findings == ()


@pytest.mark.parametrize("seed", [60, 61, 64, 65, 66])
def test_what_averages_over_ten_steps_wander_by_is_no_dance(advise: Advise, seed: int) -> None:
    averages = np.convolve(noise(N + 9, 0.3, seed), np.full(10, 0.1), "valid")
    assert advise(LrTooHigh(), make_run(train_loss=2.2 - 0.2 * X + averages)).findings == ()


def test_averages_that_dance_far_beyond_that_are_found(advise: Advise) -> None:
    averages = np.convolve(noise(N + 9, 0.1, 70), np.full(10, 0.1), "valid")
    assert advise(LrTooHigh(), make_run(train_loss=dancing(N, 4) + averages)).findings


def test_noisy_batches_that_a_small_validation_set_shares_pass(advise: Advise) -> None:
    loss = 2.0 - 0.5 * X + noise(N, 0.3, 35)
    series, steps = {"train/loss": loss, "val/loss": loss[9::10]}, np.arange(9, N, 10)
    assert advise(LrTooHigh(), make_run(series=series, steps={"val/loss": steps})).findings == ()


ABOVE = falling(N, seed=9, rate=12) + 0.8 * ((X > 0.3) & (X < 0.6))
HALF = 1.0 + falling(N, seed=9, rate=12) + 0.6 * ((X > 0.3) & (X < 0.6))


def test_a_loss_that_stood_above_its_best_is_a_warning_where_validation_did_too(
    advise: Advise,
) -> None:
    run = make_run(train_loss=ABOVE, val_loss=ABOVE[9::10], steps={"val/loss": np.arange(9, N, 10)})
    (finding,) = advise(LrTooHigh(), run).findings
    assert finding.severity is Severity.WARNING
    assert finding.evidence[0].value == pytest.approx(0.3, abs=0.05)
    assert 110 <= finding.first_step <= 130
    assert 225 <= finding.last_step <= 260


@pytest.mark.parametrize(
    ("loss", "val"),
    [
        pytest.param(ABOVE, None, id="no validation"),
        pytest.param(ABOVE, falling(N, seed=10, rate=12), id="validation did not"),
        pytest.param(dancing(N, 1), None, id="one long rise"),
        pytest.param(HALF, HALF, id="by less than its best level and its gain"),
        pytest.param(falling(N, seed=5) + 1.5 * (X > 0.6), None, id="a jump that stays"),
    ],
)
def test_a_loss_alone_that_stood_above_its_best_is_a_note(
    advise: Advise, loss: Floats, val: Floats | None
) -> None:
    run = make_run(train_loss=loss) if val is None else make_run(train_loss=loss, val_loss=val)
    assert [f.severity for f in advise(LrTooHigh(), run).findings] == [Severity.NOTE]


WAVE = np.array([2.0, 1.0, 1.4, 1.9, 2.3, 2.5, 2.4, 2.0, 1.5, 1.2, 1.0, 0.9])


@pytest.mark.parametrize(
    ("val", "fires"),
    [
        pytest.param(2 * WAVE, True, id="validation did too"),
        pytest.param(np.geomspace(1.6, 1.0, 12), False, id="validation did not"),
        pytest.param(None, False, id="no validation"),
    ],
)
def test_twelve_epochs_above_the_best_are_a_note_where_validation_shows_them(
    advise: Advise, val: Floats | None, *, fires: bool
) -> None:
    logged = {"train/loss": WAVE}
    run = make_run(series=logged if val is None else {**logged, "val/loss": val}, axis=Axis.EPOCH)
    assert [f.severity for f in advise(LrTooHigh(), run).findings] == [Severity.NOTE] * fires


TURNED = 1.0 + 2.0 * np.exp(-30 * X) + 1.5 * X + noise(N, 0.02, 13)
LATE = falling(N, seed=12, floor=0.5, rate=12)


@pytest.mark.parametrize(
    ("loss", "val"),
    [
        pytest.param(LATE + 0.45 * (X > 0.5), TURNED, id="validation had turned before"),
        pytest.param(4 * LATE + 0.1 * (X > 0.5), None, id="by little of its level"),
    ],
)
def test_another_loss_that_stood_above_its_best_passes(
    advise: Advise, loss: Floats, val: Floats | None
) -> None:
    run = make_run(train_loss=loss) if val is None else make_run(train_loss=loss, val_loss=val)
    assert advise(LrTooHigh(), run).findings == ()


def test_a_loss_that_rose_by_its_best_level_is_told_even_after_validation_turned(
    advise: Advise,
) -> None:
    run = make_run(train_loss=LATE + 1.2 * (X > 0.5), val_loss=TURNED)
    (finding,) = advise(LrTooHigh(), run).findings
    assert finding.first_step == pytest.approx(200, abs=10)


def test_a_rate_that_restarts_excuses_a_loss_that_stands_above_its_best(advise: Advise) -> None:
    run = make_run(train_loss=ABOVE, val_loss=ABOVE, lr=0.1 * (1.01 - (3 * X) % 1))
    assert advise(LrTooHigh(), run).result == "not-applicable"


@pytest.mark.parametrize("seed", range(10))
def test_wandering_scatter_is_never_a_warning(advise: Advise, seed: int) -> None:
    run = make_run(
        train_loss=30 + 6 * np.exp(-8 * X) + wandering(N, 0.95, seed),
        val_loss=30 + 6 * np.exp(-8 * X) + wandering(N, 0.95, seed + 100),
        lr=HIGH,
    )
    loud = [f for f in advise(LrTooHigh(), run).findings if f.severity is not Severity.NOTE]
    assert loud == []


def test_warm_restarts_are_not_judged(advise: Advise) -> None:
    run = make_run(train_loss=dancing(N, 4), lr=1e-3 * (1.01 - (5 * X) % 1))
    assert advise(LrTooHigh(), run).result == "not-applicable"


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(relieved(N), np.where(X < 0.6, 0.1, 0.01), id="lower and calmer at the drop"),
        pytest.param(relieved(N), np.full(N, 0.1), id="the rate never dropped"),
        pytest.param(relieved(N), 0.1 * (1 + np.cos(np.pi * X)), id="a smooth schedule"),
    ],
)
def test_a_loss_that_waits_for_its_schedule_passes(
    advise: Advise, loss: Floats, rate: Floats
) -> None:
    assert advise(LrTooHigh(), make_run(train_loss=loss, lr=rate)).findings == ()


@pytest.mark.parametrize(("decay", "fires"), [(30.0, False), (0.01, True)])
def test_a_loss_above_its_best_is_no_sign_of_the_rate_where_the_decay_explains_it(
    advise: Advise, decay: float, *, fires: bool
) -> None:
    config: dict[str, Value] = {"optimizer": "AdamW", "lr": 1e-3, "weight_decay": decay}
    run = make_run(train_loss=ABOVE, val_loss=ABOVE, config=config)
    assert bool(advise(LrTooHigh(), run).findings) is fires


def test_a_dance_before_a_loss_runs_away_is_found(advise: Advise) -> None:
    run = make_run(train_loss=dancing(N, 4) + 1e9 * np.clip(X - 0.97, 0, None), lr=HIGH)
    (finding,) = advise(LrTooHigh(), run).findings
    assert finding.evidence[0].value == 4


def test_a_dance_of_less_than_a_fiftieth_of_the_level_passes(advise: Advise) -> None:
    run = make_run(train_loss=100.0 + dancing(N, 4), val_loss=100.0 + dancing(N, 4), lr=HIGH)
    assert advise(LrTooHigh(), run).findings == ()


AT = np.linspace(0, 1, 40)
LEARNED = falling(40, seed=60, start=1.2, floor=0.6)
THROWN = 1.0 + 0.3 * np.exp(-30 * AT) + noise(40, 0.2, 61) * np.where(AT < 0.6, 1.0, 0.05)
COSINE = 0.1 * (1 + np.cos(np.pi * AT)) / 2


def test_a_validation_that_is_thrown_about_and_ends_better_passes(advise: Advise) -> None:
    run = make_run(train_loss=LEARNED, val_loss=THROWN, lr=COSINE)
    assert advise(LrTooHigh(), run).findings == ()


NOWHERE = 1.1 + noise(40, 0.03, 61) * np.where(AT < 0.6, 1.0, 0.05)


@pytest.mark.parametrize("rate", [None, COSINE])
def test_a_validation_that_gets_nowhere_and_calms_down_is_a_note(
    advise: Advise, rate: Floats | None
) -> None:
    logged = {"train/loss": 1.12 - 0.02 * AT, "val/loss": NOWHERE}
    run = make_run(series=logged if rate is None else logged | {"lr": rate})
    (finding,) = advise(LrTooHigh(), run).findings
    assert finding.severity is Severity.NOTE
    assert (finding.evidence[0].series, finding.first_step) == ("val/loss", 7)
    assert "no better than before" in finding.advice.evidence.text


@pytest.mark.parametrize(
    ("train", "val", "rate"),
    [
        pytest.param(LEARNED, 0.6 + 0.4 * THROWN, np.full(40, 0.1), id="by little of its level"),
        pytest.param(
            LEARNED,
            1.0 + 3.0 * np.exp(-6 * AT) + noise(40, 0.2, 61),
            np.full(40, 0.1),
            id="by little of what it gained",
        ),
        pytest.param(LEARNED, THROWN + 3.0 * np.clip(AT - 0.2, 0, None), COSINE, id="it overfits"),
    ],
)
def test_another_unsteady_validation_passes(
    advise: Advise, train: Floats, val: Floats, rate: Floats
) -> None:
    assert advise(LrTooHigh(), make_run(train_loss=train, val_loss=val, lr=rate)).findings == ()


@pytest.mark.parametrize("seed", range(20))
def test_single_batches_of_a_short_fine_tuning_are_no_dance(advise: Advise, seed: int) -> None:
    rows = np.exp(noise(25, 0.9, seed) - 3.0)
    steps = {"train/loss": np.arange(1, 26) * 10, "val/loss": np.arange(1, 4) * 85}
    run = make_run(train_loss=rows, val_loss=[0.164, 0.163, 0.162], steps=steps)
    assert not advise(LrTooHigh(), run).findings
