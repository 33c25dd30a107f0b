from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats, Run, Series
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, turning, with_values
from advisor_rules.fit.overfitting import Overfitting
from tests.plugins.advisor_rules.conftest import Advise

TRAIN = falling(100, seed=10, floor=0.1)
TURNED = turning(100, seed=11)
FLAT = falling(100, seed=12, floor=0.9, rate=8)
X = np.linspace(0, 1, 100)


def test_the_turn_is_found_where_it_is(advise: Advise) -> None:
    finding = advise(Overfitting(), make_run(train_loss=TRAIN, val_loss=TURNED)).findings[0]
    first, second = finding.evidence
    assert (first.series, second.series) == ("val/loss", "train/loss")
    assert 20 <= first.first_step <= 40
    assert first.last_step == 99
    assert finding.cost is not None
    assert finding.cost.share == pytest.approx(1 - first.first_step / 99)


@pytest.mark.parametrize(
    ("config", "parameter", "after"),
    [
        ({"model.dropout": 0.1}, "dropout", 0.3),
        ({"wd": 1e-4, "dropout": 0.6}, "weight_decay", 1e-3),
        ({"weight_decay": 0.0}, "weight_decay", 0.01),
    ],
)
def test_one_regularizer_is_strengthened(
    advise: Advise, config: dict[str, Value], parameter: str, after: float
) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
    (change,) = advise(Overfitting(), run).findings[0].changes
    assert change.parameter == parameter
    assert change.after == pytest.approx(after)
    assert change.path == next(iter(config), None)


@pytest.mark.parametrize("config", [{}, {"lr": 0.01, "batch_size": 32}])
def test_no_number_replaces_a_decay_that_is_not_recorded(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
    (change,) = advise(Overfitting(), run).findings[0].changes
    assert (change.parameter, change.before, change.path) == ("weight_decay", None, None)
    assert change.after == "10 times the current one, 0.01 if there is none"


def test_the_checkpoint_to_keep_is_named_with_what_it_is_best_by(advise: Advise) -> None:
    gained = 0.5 + 0.3 * np.minimum(X / 0.6, 1.0) + noise(100, 0.005, 40)
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=gained)
    told = advise(Overfitting(), run).findings[0].advice.title
    assert told.id == "overfitting.title.metric"
    assert "val/accuracy" in told.text
    held = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=0.8 + noise(100, 0.01, 41))
    assert advise(Overfitting(), held).findings[0].advice.title.id == "overfitting.title"


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(TRAIN, TURNED, id="turns at 30%"),
        pytest.param(TRAIN, turning(100, seed=13, rise=0.12), id="a slight rise"),
        pytest.param(TRAIN, 1.0 + 0.3 * X + noise(100, 0.02, 14), id="rises from the start"),
        pytest.param(TRAIN, turning(100, seed=15, size=0.08), id="a noisy validation"),
        pytest.param(TRAIN, 1000 * TURNED, id="validation in other units"),
        pytest.param(TRAIN - 3, TURNED - 3, id="losses below zero"),
        pytest.param(TRAIN, with_values(TURNED, 0.3, 90), id="one lucky late validation"),
        pytest.param(TRAIN[::10], TURNED[::10], id="ten epochs"),
    ],
)
def test_overfitting_is_found(advise: Advise, train: Floats, val: Floats) -> None:
    assert advise(Overfitting(), make_run(train_loss=train, val_loss=val)).findings


def test_it_is_found_where_training_is_logged_by_step_and_validation_by_epoch(
    advise: Advise,
) -> None:
    train = falling(20_000, seed=16, floor=0.1, size=0.2)
    run = Run(
        name="run",
        series={
            "train/loss": Series("train/loss", np.arange(20_000), train),
            "val/loss": Series("val/loss", np.arange(100), TURNED, axis=Axis.EPOCH),
        },
    )
    first, second = advise(Overfitting(), run).findings[0].evidence
    assert second.first_step / 20_000 == pytest.approx(first.first_step / 99, abs=0.01)


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(TRAIN, TRAIN + 0.05, id="both fall"),
        pytest.param(TRAIN, FLAT, id="a gap under a flat curve"),
        pytest.param(TRAIN, FLAT + 0.01 * X, id="a rise of one per cent"),
        pytest.param(TRAIN, 0.9 + noise(100, 0.1, 17), id="only noise"),
        pytest.param(TRAIN, with_values(FLAT, 0.5, 20), id="one lucky early validation"),
        pytest.param(TRAIN, with_values(FLAT, 5.0, 40, 70, 99), id="validation spikes"),
        pytest.param(turning(100, seed=18), TURNED, id="both turn: divergence"),
        pytest.param(FLAT + 1, FLAT, id="training above validation"),
        pytest.param(np.ones(100), np.ones(100), id="nothing happens"),
        pytest.param(TRAIN, turning(100, seed=19, at=0.98), id="turns at the last point"),
    ],
)
def test_a_run_that_does_not_overfit_passes(advise: Advise, train: Floats, val: Floats) -> None:
    assert advise(Overfitting(), make_run(train_loss=train, val_loss=val)).findings == ()


@pytest.mark.parametrize(
    "accuracy",
    [
        pytest.param(0.5 + 0.3 * X + noise(100, 0.01, 20), id="still improves"),
        pytest.param(0.8 - 0.5 * np.exp(-15 * X) + noise(100, 0.005, 21), id="stays"),
    ],
)
def test_an_accuracy_that_holds_makes_it_an_unlikely_note(advise: Advise, accuracy: Floats) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=accuracy)
    (finding,) = advise(Overfitting(), run).findings
    assert finding.severity is Severity.NOTE
    assert finding.confidence <= 0.5
    assert finding.cost is None


def test_where_a_metric_holds_the_best_step_of_the_loss_is_the_one_to_keep(
    advise: Advise,
) -> None:
    accuracy = 0.45 + noise(100, 0.005, 15)
    accuracy[90] = 0.47
    found = advise(
        Overfitting(), make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=accuracy)
    )
    told = found.findings[0].advice.do.params
    assert told["kept"] == told["step"]
    assert TURNED[int(str(told["kept"]))] == told["best"] == TURNED.min()


def test_where_a_metric_drops_its_best_step_is_the_one_to_keep(advise: Advise) -> None:
    accuracy = 0.8 - 0.5 * np.exp(-8 * X) - 0.3 * np.clip(X - 0.5, 0, None) + noise(100, 0.003, 23)
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=accuracy)
    (finding,) = advise(Overfitting(), run).findings
    assert 35 <= int(str(finding.advice.do.params["kept"])) <= 60
    assert finding.first_step < 35


def test_an_accuracy_that_drops_confirms_it(advise: Advise) -> None:
    accuracy = 0.8 - 0.5 * np.exp(-15 * X) - 0.1 * X + noise(100, 0.005, 22)
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=accuracy)
    assert [f.severity for f in advise(Overfitting(), run).findings] == [Severity.WARNING]


@pytest.mark.parametrize(("rise", "severity"), [(0.07, Severity.NOTE), (0.2, Severity.WARNING)])
def test_a_rise_that_another_seed_may_cost_is_a_note(
    advise: Advise, rise: float, severity: Severity
) -> None:
    val = 0.4 * (1 + np.exp(-30 * X) + rise * np.clip(X - 0.3, 0, None) / 0.7)
    run = make_run(train_loss=falling(100, seed=40), val_loss=val + noise(100, 5e-4, 41))
    assert [f.severity for f in advise(Overfitting(), run).findings] == [severity]


SMALL = 1.0 + 0.2 * np.exp(-30 * X) + 0.048 * np.clip(X - 0.3, 0, None) / 0.7
"""A loss that rose by less than a twentieth of its best level."""


@pytest.mark.parametrize(("drop", "fires"), [(0.0, False), (0.05, True)])
def test_a_rise_by_less_than_a_twentieth_of_the_level_passes_unless_a_metric_agrees(
    advise: Advise, drop: float, *, fires: bool
) -> None:
    accuracy = 0.8 - drop * np.clip(X - 0.3, 0, None) / 0.7 + noise(100, 5e-4, 46)
    run = make_run(train_loss=TRAIN, val_loss=SMALL + noise(100, 0.0065, 41), val_accuracy=accuracy)
    assert bool(advise(Overfitting(), run).findings) is fires


def test_such_a_rise_is_a_note_where_its_slope_leaves_no_doubt(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=SMALL + noise(100, 0.002, 41))
    (finding,) = advise(Overfitting(), run).findings
    assert finding.severity is Severity.NOTE


NEAR_0 = 2.3 * np.exp(-12 * X) + 0.1 + 0.28 * np.clip(X - 0.4, 0, None) + noise(100, 0.001, 22)
"""A loss that fell from 2.4 to 0.11, and rose to twice that again: by 7% of all it had gained."""


def test_a_rise_that_is_little_against_the_whole_fall_is_a_note(advise: Advise) -> None:
    (finding,) = advise(Overfitting(), make_run(train_loss=TRAIN, val_loss=NEAR_0)).findings
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(("drop", "fires"), [(0.0, False), (0.05, True)])
def test_a_rise_that_is_nothing_against_the_whole_fall_passes_unless_a_metric_agrees(
    advise: Advise, drop: float, *, fires: bool
) -> None:
    near = 2.3 * np.exp(-12 * X) + 0.1 + 0.1 * np.clip(X - 0.4, 0, None) + noise(100, 0.001, 24)
    accuracy = 0.9 - drop * np.clip(X - 0.4, 0, None) / 0.6 + noise(100, 0.001, 23)
    run = make_run(train_loss=TRAIN, val_loss=near, val_accuracy=accuracy)
    assert bool(advise(Overfitting(), run).findings) is fires


def test_a_sure_rise_counts_however_high_a_loss_began_that_alone_judges_the_run(
    advise: Advise,
) -> None:
    val = 25 * np.exp(-100 * X) + 0.4 + 0.2 * np.clip(X - 0.3, 0, None) + noise(100, 0.005, 49)
    (finding,) = advise(Overfitting(), make_run(train_loss=TRAIN, val_loss=val)).findings
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(("patience", "fires"), [(6, False), (30, True), (None, True)])
def test_what_came_while_early_stopping_waited_is_no_overfitting(
    advise: Advise, patience: int | None, *, fires: bool
) -> None:
    val = turning(100, seed=25, at=0.1, rise=5.0, size=0.001)
    stopped = val[: int(np.argmin(val)) + 7]
    config = {"epochs": 100} | ({} if patience is None else {"patience": patience})
    run = make_run(train_loss=TRAIN[: len(stopped)], val_loss=stopped, config=config)
    assert bool(advise(Overfitting(), run).findings) is fires


@pytest.mark.parametrize(("drop", "severity"), [(0.01, Severity.NOTE), (0.05, Severity.WARNING)])
def test_a_metric_must_drop_clearly_to_make_a_slight_rise_a_warning(
    advise: Advise, drop: float, severity: Severity
) -> None:
    accuracy = 0.9 - drop * np.clip(X - 0.4, 0, None) / 0.6 + noise(100, 0.001, 23)
    run = make_run(train_loss=TRAIN, val_loss=NEAR_0, val_accuracy=accuracy)
    assert [f.severity for f in advise(Overfitting(), run).findings] == [severity]


@pytest.mark.parametrize(("until", "fires"), [(0.06, True), (0.02, False)])
def test_at_an_early_turn_the_training_loss_of_then_is_compared(
    advise: Advise, until: float, *, fires: bool
) -> None:
    train = 0.5 + 2 * np.clip(1 - X / until, 0, None) + noise(100, 0.01, 44)
    val = 0.8 + np.exp(-100 * X) + 0.8 * np.clip(X - 0.04, 0, None) + noise(100, 0.02, 45)
    run = make_run(train_loss=train, val_loss=val)
    assert bool(advise(Overfitting(), run).findings) is fires


@pytest.mark.parametrize(("since", "fires"), [(0.75, True), (0.35, False)])
def test_training_that_was_thrown_up_at_last_fell_before(
    advise: Advise, since: float, *, fires: bool
) -> None:
    train = np.where(since > X, falling(100, seed=47, floor=0.1), 1.5) + noise(100, 0.02, 48)
    run = make_run(train_loss=train, val_loss=TURNED)
    assert bool(advise(Overfitting(), run).findings) is fires


FEW = np.linspace(0, 1, 25)
LEVELLED = 1.0 + np.exp(-30 * FEW) + 0.06 * np.clip((FEW - 0.2) / 0.05, 0, 1)
"""A loss that rose by 6% after a fifth of the run, all at once, and stood there to its end."""


@pytest.mark.parametrize("seed", range(5))
def test_a_slight_rise_that_only_the_levels_show_passes(advise: Advise, seed: int) -> None:
    val = LEVELLED + noise(25, 0.004, 500 + seed)
    run = make_run(train_loss=falling(25, seed=42), val_loss=val)
    assert advise(Overfitting(), run).findings == ()


def test_a_slight_rise_that_goes_on_is_found(advise: Advise) -> None:
    val = 1.0 + np.exp(-30 * FEW) + 0.08 * np.clip(FEW - 0.2, 0, None) + noise(25, 0.004, 510)
    run = make_run(train_loss=falling(25, seed=42), val_loss=val)
    assert advise(Overfitting(), run).findings


def test_a_slight_rise_that_only_the_levels_show_is_found_where_a_metric_agrees(
    advise: Advise,
) -> None:
    accuracy = 0.9 - 0.05 * np.clip((FEW - 0.2) / 0.05, 0, 1) + noise(25, 0.002, 511)
    val = LEVELLED + noise(25, 0.004, 500)
    run = make_run(train_loss=falling(25, seed=42), val_loss=val, val_accuracy=accuracy)
    assert advise(Overfitting(), run).findings


SURE = 0.1 + 0.3 * np.exp(-30 * X) + 0.045 * np.clip(X - 0.2, 0, None) + noise(100, 0.0005, 512)
"""A loss that rose by a third of its level: an eighth of what the later epochs had gained."""


@pytest.mark.parametrize(
    ("config", "first", "fires"),
    [
        pytest.param({"num_classes": 10}, 1.5, False, id="ten classes are recorded"),
        pytest.param({"num_classes": 10}, 0.9, True, id="it began far below guessing"),
        pytest.param({"num_classes": 10, "pretrained": True}, 1.5, True, id="trained before"),
        pytest.param({}, np.log(10.0), False, id="the first step shows ten classes"),
        pytest.param({"num_classes": 2}, 0.9, True, id="two classes"),
        pytest.param({}, 0.9, True, id="the number of classes is not known"),
        pytest.param({"num_classes": 10, "task": "regression"}, 1.5, True, id="no classes"),
    ],
)
def test_what_the_first_epoch_learned_counts_as_gained(
    advise: Advise, config: dict[str, Value], first: float, *, fires: bool
) -> None:
    train = with_values(falling(2000, seed=29, start=0.9, floor=0.01), first, 0)
    accuracy = 0.96 + noise(100, 0.002, 513)
    logged = {"train/loss": train, "val/loss": SURE, "val/accuracy": accuracy}
    logged |= {"val/mae": accuracy} if "task" in config else {}
    steps = {tag: 20 * np.arange(1, 101) for tag in logged if tag.startswith("val")}
    run = make_run(series=logged, steps=steps, config=config)
    assert bool(advise(Overfitting(), run).findings) is fires
