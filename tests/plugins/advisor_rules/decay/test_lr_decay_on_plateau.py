from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.decay.lr_decay_on_plateau import LrDecayOnPlateau
from advisor_rules.examples import falling, noise, turning
from tests.plugins.advisor_rules.conftest import Advise

N = 300
X = np.linspace(0, 1, N)
FULL = np.full(N, 0.1)
FLAT = falling(N, seed=1, rate=15, size=0.03)


def test_the_plateau_is_placed_and_its_share_is_the_cost(advise: Advise) -> None:
    run = make_run(train_loss=FLAT, lr=FULL, config={"lr": 0.1})
    finding = advise(LrDecayOnPlateau(), run).findings[0]
    assert finding.severity is Severity.NOTE
    assert 50 <= finding.first_step <= 150
    assert finding.last_step == N - 1
    assert finding.cost is not None
    assert 0.5 <= finding.cost.share <= 0.85
    assert [(c.parameter, c.direction) for c in finding.changes] == [("lr_schedule", "set")]


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(FLAT, id="a plateau"),
        pytest.param(FLAT[::6], id="fifty epochs"),
        pytest.param(np.repeat(FLAT, 50) + noise(50 * N, 0.3, 2), id="noisy steps"),
        pytest.param(FLAT - 5.0, id="below zero"),
    ],
)
def test_a_plateau_under_a_constant_rate_is_found(advise: Advise, loss: Floats) -> None:
    run = make_run(train_loss=loss, lr=np.full(len(loss), 0.1))
    assert advise(LrDecayOnPlateau(), run).findings


def test_a_warmup_before_a_constant_rate_is_no_decay(advise: Advise) -> None:
    run = make_run(train_loss=FLAT, lr=0.1 * np.minimum(X / 0.05, 1.0))
    assert advise(LrDecayOnPlateau(), run).findings


def test_a_recorded_constant_schedule_is_enough(advise: Advise) -> None:
    run = make_run(train_loss=FLAT, config={"args.lr_scheduler_type": "constant_with_warmup"})
    finding = advise(LrDecayOnPlateau(), run).findings[0]
    assert finding.changes[0].path == "args.lr_scheduler_type"


def test_a_schedule_that_never_moved_the_rate_is_pointed_out(advise: Advise) -> None:
    run = make_run(train_loss=FLAT, lr=FULL, config={"scheduler": "CosineAnnealingLR"})
    finding = advise(LrDecayOnPlateau(), run).findings[0]
    assert finding.changes[0].before == "CosineAnnealingLR"
    assert finding.advice.do.id.endswith("do.unused")


def test_a_switched_off_schedule_is_none_to_point_out(advise: Advise) -> None:
    run = make_run(train_loss=FLAT, lr=FULL, config={"scheduler": False})
    assert not advise(LrDecayOnPlateau(), run).findings[0].advice.do.id.endswith("unused")


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(FLAT, 0.1 * (1.001 - X), id="a schedule to the end"),
        pytest.param(FLAT, np.where(X < 0.5, 0.1, 0.01), id="one drop"),
        pytest.param(falling(N, seed=3, rate=2), FULL, id="still falling"),
        pytest.param(falling(N, seed=3, rate=15, size=1e-4), FULL, id="a floor without scatter"),
        pytest.param(falling(N, seed=4, floor=0.01, rate=15, size=0.003), FULL, id="near zero"),
        pytest.param(2.3 + noise(N, 0.05, 5), FULL, id="never learned"),
        pytest.param(turning(N, seed=6), FULL, id="rises"),
        pytest.param(
            np.where(X < 0.04, 0.7, 2.3) + 3 * np.exp(-X / 0.01) + noise(N, 0.05, 9),
            FULL,
            id="broke down after a good start",
        ),
        pytest.param(FLAT[::10], FULL[::10], id="thirty epochs"),
        pytest.param(np.full(N, 0.7), FULL, id="constant"),
    ],
)
def test_another_end_or_another_rate_passes(advise: Advise, loss: Floats, rate: Floats) -> None:
    assert advise(LrDecayOnPlateau(), make_run(train_loss=loss, lr=rate)).findings == ()


@pytest.mark.parametrize(
    "validation",
    [
        pytest.param(turning(N, seed=7), id="gets worse"),
        pytest.param(falling(N, seed=8, rate=1.5), id="still improves"),
    ],
)
def test_a_run_whose_validation_moves_is_on_no_plateau(advise: Advise, validation: Floats) -> None:
    run = make_run(train_loss=FLAT, lr=FULL, val_loss=validation)
    assert advise(LrDecayOnPlateau(), run).findings == ()


def test_a_second_validation_that_still_improves_denies_the_plateau(advise: Advise) -> None:
    flat = 0.4 + 0.5 * np.exp(-15 * X[::5]) + noise(60, 0.004, 31)
    averaged = 0.4 + 0.5 * np.exp(-6 * X[::5]) + noise(60, 0.0003, 32)
    one = make_run(train_loss=FLAT, lr=FULL, val_loss=flat)
    assert advise(LrDecayOnPlateau(), one).findings
    both = make_run(
        series={"train/loss": FLAT, "lr": FULL, "val/loss": flat, "val/loss_ema": averaged}
    )
    assert advise(LrDecayOnPlateau(), both).findings == ()


@pytest.mark.parametrize(
    ("config", "result"),
    [
        pytest.param({"lr": 0.1}, "not-applicable", id="no word of a schedule"),
        pytest.param({"scheduler": "cosine"}, "passed", id="a schedule"),
        pytest.param({"scheduler": "cosine", "b.lr_scheduler": "constant"}, "not-applicable",
                     id="two that disagree"),
    ],
)  # fmt: skip
def test_without_a_logged_rate_the_config_must_say_that_it_is_constant(
    advise: Advise, config: Mapping[str, Value], result: str
) -> None:
    assert advise(LrDecayOnPlateau(), make_run(train_loss=FLAT, config=config)).result == result


AT = np.linspace(0, 1, 24)
EPOCHS = 0.6 + 1.4 * np.exp(-4 * AT)
HELD = np.full(24, 0.01)
UNSTEADY = EPOCHS + noise(24, 0.1, 30)


def test_a_validation_that_is_unsteady_to_the_end_asks_for_a_decay(advise: Advise) -> None:
    run = make_run(train_loss=EPOCHS, val_loss=UNSTEADY, lr=HELD, config={"lr": 0.01})
    (finding,) = advise(LrDecayOnPlateau(), run).findings
    assert finding.severity is Severity.NOTE
    assert (finding.evidence[0].series, finding.first_step) == ("val/loss", 12)
    assert 0.03 <= finding.evidence[0].value <= 0.15
    assert [(c.parameter, c.direction) for c in finding.changes] == [("lr_schedule", "set")]


def test_what_does_not_calm_down_where_no_rate_is_known_seems_to_have_a_constant_one(
    advise: Advise,
) -> None:
    (finding,) = advise(LrDecayOnPlateau(), make_run(train_loss=EPOCHS, val_loss=UNSTEADY)).findings
    assert finding.advice.evidence.id.endswith("evidence.restless")
    assert finding.severity is Severity.NOTE


def test_five_validations_show_it_where_the_rate_is_known_to_be_held(advise: Advise) -> None:
    val = np.array([1.5, 0.9, 1.1, 0.7, 0.9])
    logged = {"train/loss": np.geomspace(1.6, 0.5, 5), "val/loss": val}
    (finding,) = advise(LrDecayOnPlateau(), make_run(series={**logged, "lr": HELD[:5]})).findings
    assert (finding.first_step, finding.last_step) == (1, 4)
    short = {name: values[:4] for name, values in logged.items()}
    run = make_run(series={**short, "lr": HELD[:4]})
    assert advise(LrDecayOnPlateau(), run).findings == ()
    assert advise(LrDecayOnPlateau(), make_run(series=logged)).findings == ()


SELDOM = EPOCHS + 1 - AT + noise(24, 0.08, 19)
"""Falls, and rises three times of eleven in its later half, as far at the end as half way."""


def test_few_rises_are_no_restlessness_whatever_is_known_of_the_rate(advise: Advise) -> None:
    unknown = make_run(train_loss=EPOCHS, val_loss=SELDOM)
    held = make_run(train_loss=EPOCHS, val_loss=SELDOM, lr=HELD)
    assert not advise(LrDecayOnPlateau(), unknown).findings
    assert not advise(LrDecayOnPlateau(), held).findings


def test_a_validation_that_gets_worse_as_training_does_is_no_overfitting(advise: Advise) -> None:
    worse = UNSTEADY + np.clip(AT - 0.4, 0, None)
    flat = make_run(train_loss=np.maximum(EPOCHS, 1.2), val_loss=worse, lr=HELD)
    assert advise(LrDecayOnPlateau(), flat).findings


@pytest.mark.parametrize(
    ("val", "rate"),
    [
        pytest.param(UNSTEADY, 0.01 * (1.001 - AT), id="the rate was lowered"),
        pytest.param(EPOCHS + (1 - AT) * noise(24, 0.2, 30), None, id="it calms down"),
        pytest.param(2.3 + noise(24, 0.01, 30), None, id="nothing was learned"),
        pytest.param(EPOCHS + noise(24, 0.01, 30), HELD, id="by a hundredth of what it gained"),
        pytest.param(EPOCHS - 0.5 * AT, HELD, id="it only falls"),
        pytest.param(UNSTEADY[::3], HELD[::3], id="eight validations"),
        pytest.param(UNSTEADY + 3 * np.clip(AT - 0.3, 0, None), HELD, id="it gets worse"),
    ],
)
def test_another_validation_asks_for_no_decay(
    advise: Advise, val: Floats, rate: Floats | None
) -> None:
    logged = {"train/loss": EPOCHS[: len(val)], "val/loss": val}
    run = make_run(series=logged if rate is None else logged | {"lr": rate})
    assert advise(LrDecayOnPlateau(), run).findings == ()


def test_a_validation_loss_that_never_was_a_number_beside_a_falling_accuracy_passes(
    advise: Advise,
) -> None:
    falls = np.linspace(0.8, 0.2, 12) + noise(12, 0.02, 5)
    shaken = falling(12, seed=6) + noise(12, 0.05, 7)
    run = make_run(
        train_loss=shaken, val_loss=[np.nan], val_accuracy=falls, config={"optimizer": "sgd"}
    )
    assert advise(LrDecayOnPlateau(), run).result != "error"
