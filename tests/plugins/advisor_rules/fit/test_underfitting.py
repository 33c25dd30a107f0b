from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.program.never_learned import NeverLearned
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 60)
TRAIN = falling(60, seed=90, start=2.3, floor=1.7, rate=12)
NEAR = TRAIN + noise(60, 0.01, 91)
POOR = 0.4 - 0.3 * np.exp(-12 * X) + noise(60, 0.004, 92)
CLASSES: dict[str, Value] = {"num_classes": 10}


def test_the_distance_to_perfect_is_measured_at_the_end(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=NEAR, val_accuracy=POOR, config=CLASSES)
    (finding,) = advise(Underfitting(), run).findings
    accuracy, gap, _ = finding.evidence
    assert accuracy.series == "val/accuracy"
    assert accuracy.value == pytest.approx((0.4 - 0.1) / 0.9, abs=0.02)
    assert abs(gap.value) < 0.02
    assert (finding.first_step, finding.last_step) == (29, 59)
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(("epochs", "found"), [(3, False), (4, True), (6, True)])
def test_four_epochs_show_that_a_loss_came_to_rest(
    advise: Advise, epochs: int, *, found: bool
) -> None:
    loss = np.array([1.72, 1.71, 1.705, 1.7, 1.7, 1.7])[:epochs]
    accuracy = np.array([0.3, 0.39, 0.4, 0.4, 0.4, 0.4])[:epochs]
    run = make_run(train_loss=loss, val_loss=loss + 0.01, val_accuracy=accuracy, config=CLASSES)
    assert bool(advise(Underfitting(), run).findings) is found


def test_where_no_metric_is_logged_the_number_of_classes_is_the_reference(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=NEAR, config=CLASSES)
    (finding,) = advise(Underfitting(), run).findings
    assert finding.evidence[0].series == "train/loss"
    assert finding.evidence[0].value == pytest.approx(1 - 1.7 / math.log(10), abs=0.02)


@pytest.mark.parametrize(
    ("config", "parameter", "after"),
    [
        ({"model.dropout": 0.5}, "dropout", 0.25),
        ({"dropout": 0.0}, "hidden_size", "twice the current width"),
        ({}, "hidden_size", "twice the current width"),
        ({"hidden_size": 4}, "hidden_size", 8),
        ({"optimizer": "AdamW", "lr": 1e-3, "weight_decay": 30.0}, "weight_decay", 0.01),
    ],
)
def test_one_thing_is_loosened(
    advise: Advise, config: dict[str, Value], parameter: str, after: Value
) -> None:
    run = make_run(train_loss=TRAIN, val_loss=NEAR, val_accuracy=POOR, config=config)
    (change,) = advise(Underfitting(), run).findings[0].changes
    assert (change.parameter, change.after) == (parameter, after)


@pytest.mark.parametrize(
    ("settings", "fires"),
    [
        ({}, True),
        ({"dropout": 0.1}, True),
        ({"hidden_size": 4}, True),
        ({"hidden_size": 64, "dropout": 0.9}, True),
        ({"hidden_size": 64, "dropout": 0.1}, False),
        ({"hidden_size": 64}, False),
    ],
)
def test_a_model_that_learned_nothing_may_be_too_small_unless_the_settings_are_usual(
    advise: Advise, settings: dict[str, Value], fires: bool
) -> None:
    dead, chance = 2.303 + noise(60, 0.004, 95), 0.1 + noise(60, 0.004, 96)
    run = make_run(
        train_loss=dead, val_loss=dead, val_accuracy=chance, config={**CLASSES, **settings}
    )
    assert advise(NeverLearned(), run).findings[0].confidence > 0.75
    assert bool(advise(Underfitting(), run).findings) == fires


def test_a_recorded_size_that_is_not_small_is_not_the_first_suspect(advise: Advise) -> None:
    poorer, config = POOR - 0.05, {"hidden_size": 5}
    run = make_run(train_loss=TRAIN, val_loss=NEAR, val_accuracy=poorer, config=config)
    (finding,) = advise(Underfitting(), run).findings
    assert finding.changes == ()
    assert finding.advice.do.id == "underfitting.do.open"


@pytest.mark.parametrize(
    ("train", "val", "accuracy"),
    [
        pytest.param(TRAIN, NEAR, 100 * POOR, id="in per cent"),
        pytest.param(TRAIN + 0.05, NEAR, POOR, id="training above validation"),
        pytest.param(TRAIN, NEAR + 0.1, POOR, id="a gap of six per cent"),
        pytest.param(TRAIN, NEAR + 0.18, POOR, id="a gap of ten per cent, not half-way to good"),
        pytest.param(TRAIN + noise(60, 0.03, 93), NEAR, POOR, id="a noisy training loss"),
        pytest.param(TRAIN[::3], NEAR[::3], POOR[::3], id="20 epochs"),
        pytest.param(TRAIN, NEAR, POOR + 0.2, id="60 per cent of ten classes"),
        pytest.param(2.3 + noise(60, 0.02, 97), 2.3 + noise(60, 0.02, 98), POOR, id="no learning"),
    ],
)
def test_two_level_curves_far_from_good_are_found(
    advise: Advise, train: Floats, val: Floats, accuracy: Floats
) -> None:
    run = make_run(train_loss=train, val_loss=val, val_accuracy=accuracy)
    assert advise(Underfitting(), run).findings


@pytest.mark.parametrize(
    ("train", "val", "accuracy"),
    [
        pytest.param(TRAIN, NEAR, POOR + 0.5, id="a good accuracy"),
        pytest.param(TRAIN, NEAR + 0.1, POOR + 0.35, id="a middling accuracy, and a gap"),
        pytest.param(TRAIN, NEAR, POOR + 0.35, id="a middling accuracy, and no gap"),
        pytest.param(TRAIN - 0.8, NEAR, POOR, id="a gap"),
        pytest.param(TRAIN, NEAR + 0.3, POOR, id="a gap of 15 per cent"),
        pytest.param(TRAIN, NEAR + 0.18, POOR + 0.2, id="beyond half-way, a gap of ten per cent"),
        pytest.param(falling(60, seed=94, rate=1), falling(60, seed=95, rate=1), POOR, id="falls"),
        pytest.param(TRAIN, NEAR - 0.3 * X, POOR, id="validation still falls"),
        pytest.param(TRAIN - 0.2 * X, NEAR, POOR, id="training leaves validation behind"),
        pytest.param(TRAIN, NEAR, POOR + 0.1 * X - 0.1, id="the accuracy still rises"),
        pytest.param(TRAIN, turning(60, seed=96, rise=0.8), POOR, id="validation turns"),
        pytest.param(TRAIN, NEAR, POOR - 0.15 * X, id="the accuracy drops"),
        pytest.param(
            np.append(2.3, TRAIN[1:] - 1.4), NEAR - 1.4, POOR, id="a loss that fell by six sevenths"
        ),
        pytest.param(TRAIN + 2 * X, NEAR + 2 * X, POOR, id="driven above a guess"),
    ],
)
def test_it_stays_silent(advise: Advise, train: Floats, val: Floats, accuracy: Floats) -> None:
    run = make_run(train_loss=train, val_loss=val, val_accuracy=accuracy)
    assert advise(Underfitting(), run).findings == ()


@pytest.mark.parametrize(
    ("series", "config"),
    [
        pytest.param({"val/map": POOR}, {}, id="a metric that is never near 1"),
        pytest.param({}, {"num_classes": 1000}, id="a quarter of ln 1000, but of 10 classes"),
        pytest.param({}, {"num_classes": 2}, id="a loss far above ln 2 is in another unit"),
        pytest.param({}, {"pretrained": "resnet18"}, id="trained before"),
        pytest.param({}, {"vocab_size": 50257, "block_size": 64}, id="a language model"),
    ],
)
def test_without_a_reference_it_does_not_judge(
    advise: Advise, series: dict[str, Floats], config: dict[str, Value]
) -> None:
    run = make_run(series={"train/loss": TRAIN, "val/loss": NEAR, **series}, config=config)
    assert advise(Underfitting(), run).findings == ()


COSINE = 1e-3 * (1 + np.cos(np.pi * X)) / 2
SPENT = X + np.sin(np.pi * X) / np.pi
SLOWED = 1.2 + 1.1 * np.exp(-1.5 * SPENT) + noise(60, 0.003, 99)


@pytest.mark.parametrize("logged", [{"lr": COSINE}, {"config": {"lr_scheduler": "cosine"}}])
def test_under_a_schedule_only_its_end_has_to_be_flat(advise: Advise, logged: Any) -> None:
    run = make_run(train_loss=SLOWED, val_loss=SLOWED, val_accuracy=POOR, **logged)
    assert advise(Underfitting(), run).findings
    held = make_run(train_loss=SLOWED, val_loss=SLOWED, val_accuracy=POOR, lr=0 * X + 0.001)
    assert advise(Underfitting(), held).findings == ()


@pytest.mark.parametrize(
    ("accuracy", "fires"), [(POOR, True), (POOR + 0.1 * X - 0.1, False), (None, True)]
)
def test_where_no_rate_is_known_the_last_quarter_tells_whether_all_stood(
    advise: Advise, accuracy: Floats | None, *, fires: bool
) -> None:
    stood = 1.7 + 0.6 * np.exp(-3.5 * X) + noise(60, 0.003, 109)
    series = {"train/loss": stood, "val/loss": stood}
    series |= {} if accuracy is None else {"val/accuracy": accuracy}
    for config, found in (({}, fires), ({"lr_scheduler": "constant"}, False)):
        run = make_run(series=series, config={**CLASSES, **config})
        assert bool(advise(Underfitting(), run).findings) is found


@pytest.mark.parametrize(("fall", "fires"), [(0.04, True), (0.07, False)])
def test_where_no_rate_is_known_the_last_quarter_may_fall_by_half_of_what_a_half_may(
    advise: Advise, fall: float, *, fires: bool
) -> None:
    late = np.maximum(4 * X - 3, 0.0)
    loss = TRAIN - fall * TRAIN[-1] * late
    run = make_run(train_loss=loss, val_loss=loss, config=CLASSES)
    assert bool(advise(Underfitting(), run).findings) is fires


@pytest.mark.parametrize(
    ("above", "config", "fires"),
    [(0.5, {}, False), (0.5, {"dropout": 0.5}, True), (0.1, {}, True)],
)
def test_a_training_loss_far_above_validation_is_that_of_noisy_labels_or_of_dropout(
    advise: Advise, above: float, config: dict[str, Value], *, fires: bool
) -> None:
    run = make_run(
        train_loss=TRAIN + above, val_loss=NEAR, val_accuracy=POOR, config={**CLASSES, **config}
    )
    outcome = advise(Underfitting(), run)
    assert bool(outcome.findings) is fires
    assert fires or "as wrong labels make it" in str(outcome.reason)
    good = make_run(
        train_loss=TRAIN + above, val_loss=NEAR, val_accuracy=POOR + 0.5, config={**CLASSES}
    )
    assert advise(Underfitting(), good).result == "passed"


@pytest.mark.parametrize(
    ("letters", "share", "fires"), [(27, 0.3, True), (27, 0.45, False), (10, 0.45, True)]
)
def test_among_many_answers_a_middling_score_may_be_good(
    advise: Advise, letters: int, share: float, *, fires: bool
) -> None:
    accuracy, start = POOR - 0.4 + share, math.log(letters)
    loss = falling(60, seed=110, start=start, floor=0.7 * start, rate=12, size=0.01)
    known: dict[str, Value] = {"num_classes": letters}
    for config in (known, {}):
        run = make_run(train_loss=loss, val_loss=loss, val_accuracy=accuracy, config=config)
        assert bool(advise(Underfitting(), run).findings) is fires


@pytest.mark.parametrize(("floor", "fires"), [(0.7, True), (0.1, False)])
def test_a_regression_is_held_against_its_first_step(
    advise: Advise, floor: float, *, fires: bool
) -> None:
    loss = falling(300, seed=100, start=1.0, floor=floor, rate=20, size=0.005)
    steps = {"val/loss": np.arange(9, 300, 10)}
    run = make_run(train_loss=loss, val_loss=loss[9::10], steps=steps, config={"loss": "mse"})
    assert bool(advise(Underfitting(), run).findings) is fires


def test_where_both_still_moved_until_the_schedule_ended_it_is_the_less_likely(
    advise: Advise,
) -> None:
    slow = 2.3 - 0.5 * SPENT + noise(60, 0.003, 101)
    run = make_run(train_loss=slow, val_loss=slow, val_accuracy=POOR, lr=COSINE)
    (finding,) = advise(Underfitting(), run).findings
    assert finding.confidence < 0.5
    rising = make_run(
        train_loss=slow, val_loss=turning(60, seed=102, rise=0.8), val_accuracy=POOR, lr=COSINE
    )
    assert advise(Underfitting(), rising).findings == ()


@pytest.mark.parametrize(
    ("start", "fires", "known"),
    [(math.log(4), True, True), (1.7, True, False), (6.0, False, False)],
)
def test_what_the_first_step_costs_tells_what_guessing_gives(
    advise: Advise, start: float, *, fires: bool, known: bool
) -> None:
    train = np.append(start, falling(299, seed=93, start=start, floor=1.0, rate=12, size=0.005))
    better = 0.62 - 0.3 * np.exp(-12 * X) + noise(60, 0.004, 94)
    run = make_run(train_loss=train, val_loss=train[4::5], val_accuracy=better)
    found = advise(Underfitting(), run).findings
    assert bool(found) is fires
    if fires:
        assert ("guessing gives 0.25" in found[0].advice.evidence.text) is known


LEFT = falling(40, seed=103, start=1.0, floor=0.7, rate=12, size=0.005)
LESS = falling(40, seed=106, start=1.0, floor=0.38, rate=12, size=0.005)
GOOD = falling(40, seed=104, start=1.0, floor=0.3, rate=12, size=0.005)


@pytest.mark.parametrize(
    ("train", "val", "fires"),
    [
        pytest.param(LEFT, LEFT, True, id="two thirds are left"),
        pytest.param(LEFT + 0.2, LEFT, True, id="training is worse, as with dropout"),
        pytest.param(
            np.ones(40) + noise(40, 0.01, 105), np.ones(40), True, id="nothing was gained"
        ),
        pytest.param(LESS, LESS, False, id="two fifths are left"),
        pytest.param(LEFT, GOOD, False, id="validation is good: noisy training labels"),
        pytest.param(GOOD, GOOD, False, id="a third is left, however closely they stayed"),
        pytest.param(GOOD, 1.06 * GOOD, False, id="a third is left"),
        pytest.param(GOOD - 0.2, GOOD - 0.2, False, id="a tenth is left"),
        pytest.param(0.63 * LEFT, 0.63 * LEFT, False, id="80 of 100 right may pay so much"),
        pytest.param(0.4 * LEFT + 0.3, 0.4 * LEFT + 0.3, True, id="it pays more than that"),
        pytest.param(0.3 * LEFT, 0.3 * LEFT, False, id="it may have been trained before"),
        pytest.param(LEFT - 0.8, LEFT - 0.8, False, id="a loss that may be negative"),
        pytest.param(1.7 - LEFT, 1.7 - LEFT, False, id="it rises"),
    ],
)
def test_a_loss_alone_is_held_against_where_it_began(
    advise: Advise, train: Floats, val: Floats, *, fires: bool
) -> None:
    found = advise(Underfitting(), make_run(train_loss=train, val_loss=val)).findings
    assert bool(found) is fires
    if fires:
        assert found[0].confidence < 0.5


USUAL: dict[str, Value] = {"hidden_size": 64, "dropout": 0.2}


@pytest.mark.parametrize(
    ("config", "fires"),
    [
        pytest.param(USUAL, False, id="nothing to loosen"),
        pytest.param({}, True, id="nothing recorded"),
        pytest.param(USUAL | {"hidden_size": 4}, True, id="narrow"),
        pytest.param(USUAL | {"dropout": 0.7}, True, id="much dropout"),
        pytest.param(
            USUAL | {"optimizer": "AdamW", "lr": 1e-3, "weight_decay": 30.0}, True, id="much decay"
        ),
    ],
)
def test_a_loss_alone_says_less_where_the_settings_are_as_usual(
    advise: Advise, config: dict[str, Value], *, fires: bool
) -> None:
    run = make_run(train_loss=LEFT, val_loss=LEFT, config=config)
    assert bool(advise(Underfitting(), run).findings) is fires
    nothing = np.ones(40) + noise(40, 0.01, 107)
    unlearned = make_run(train_loss=nothing, val_loss=nothing, config=config)
    assert advise(Underfitting(), unlearned).findings


@pytest.mark.parametrize(("config", "fires"), [({}, True), (USUAL, False)])
def test_a_gap_is_wider_far_from_good_unless_all_settings_are_as_usual(
    advise: Advise, config: dict[str, Value], *, fires: bool
) -> None:
    series = {"train/loss": TRAIN, "val/loss": NEAR + 0.18, "val/accuracy": POOR - 0.15}
    found = advise(Underfitting(), make_run(series=series, config=config)).findings
    assert bool(found) is fires


def test_a_gap_that_is_set_wider_holds_far_from_good_as_well(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=NEAR + 0.3, val_accuracy=POOR)
    (finding,) = advise(Underfitting(gap=0.25), run).findings
    assert finding.evidence[1].threshold == 0.25


@pytest.mark.parametrize(("share", "fires"), [(0.25, True), (0.4, False)])
def test_an_accuracy_too_has_to_be_lower_where_the_settings_are_as_usual(
    advise: Advise, share: float, *, fires: bool
) -> None:
    series = {"train/loss": TRAIN, "val/loss": NEAR, "val/accuracy": POOR - 0.4 + share}
    bare, usual = (make_run(series=series, config=config) for config in ({}, USUAL))
    assert advise(Underfitting(), bare).findings
    assert bool(advise(Underfitting(), usual).findings) is fires


def test_a_validation_that_scatters_without_a_rate_is_mended_first(advise: Advise) -> None:
    series = {"train/loss": TRAIN, "val/loss": NEAR + noise(60, 0.04, 108), "val/accuracy": POOR}
    assert advise(Underfitting(), make_run(series=series)).findings
    assert advise(Underfitting(), make_run(series={**series, "lr": COSINE})).findings == ()


def test_a_training_loss_that_still_falls_beside_a_validation_that_rests_is_no_way_out(
    advise: Advise,
) -> None:
    falls = TRAIN - 0.1 * X
    assert advise(
        Underfitting(), make_run(train_loss=falls, val_loss=NEAR, val_accuracy=POOR)
    ).findings


@pytest.mark.parametrize(("fall", "fires"), [(0.08, True), (0.4, False)])
def test_what_fell_as_long_as_there_was_rate_left_is_not_at_rest(
    advise: Advise, fall: float, *, fires: bool
) -> None:
    loss = 2.3 - 2 * fall * 2.3 * SPENT + noise(60, 0.003, 106)
    run = make_run(train_loss=loss, val_loss=loss, val_accuracy=POOR, lr=COSINE)
    assert bool(advise(Underfitting(), run).findings) is fires


@pytest.mark.parametrize(("stood", "fires"), [(1, False), (9, True)])
def test_a_model_that_began_late_may_be_twice_as_far_behind(
    advise: Advise, stood: int, *, fires: bool
) -> None:
    begins = 2.45 + noise(stood, 0.003, 111)
    run = make_run(
        train_loss=np.append(begins, TRAIN),
        val_loss=np.append(begins, NEAR + 0.24),
        val_accuracy=np.append(0.1 + noise(stood, 0.003, 112), POOR),
    )
    found = advise(Underfitting(), run).findings
    assert bool(found) is fires
    if fires:
        assert found[0].evidence[1].threshold == pytest.approx(0.24)


def test_of_one_pass_over_the_data_no_gap_tells_nothing(advise: Advise) -> None:
    curves = {"train/loss": TRAIN, "val/loss": NEAR, "val/accuracy": POOR}
    thrice, once = (make_run(series=curves | {"epoch": n * X}) for n in (3, 1))
    assert advise(Underfitting(), thrice).findings
    assert advise(Underfitting(), once).result == "not-applicable"
    assert advise(Underfitting(), make_run(series=curves, config={"epochs": 1})).findings == ()


def _entropy(right: float, classes: int) -> float:
    wrong = 1 - right
    return -right * math.log(right) - wrong * math.log(wrong / (classes - 1))


@pytest.mark.parametrize(
    ("sure", "behind", "right", "fires"),
    [
        pytest.param(0.5, 0.1, 0.7, True, id="as sure as it is right"),
        pytest.param(0.5, 0.1, 0.9, False, id="a good accuracy"),
        pytest.param(0.5, 0.02, 0.7, False, id="training is hardly less often right"),
        pytest.param(0.9, 0.1, 0.7, False, id="less sure than it is right, as with wrong labels"),
    ],
)
def test_training_that_lags_a_validation_as_sure_as_it_is_right_has_too_much_dropout(
    advise: Advise, sure: float, behind: float, right: float, *, fires: bool
) -> None:
    least = 2 * math.log(2) * (1 - right)
    end = least + sure * (_entropy(right, 10) - least)
    val = falling(60, seed=113, start=2.3, floor=end, rate=12, size=0.01)
    share = right - (right - 0.1) * np.exp(-12 * X) + noise(60, 0.004, 114)
    series = {"train/loss": 1.3 * val, "val/loss": val, "val/accuracy": share}
    series["train/accuracy"] = share - behind
    found = advise(Underfitting(), make_run(series=series, config=CLASSES)).findings
    assert bool(found) is fires
    if fires:
        assert found[0].advice.do.id == "underfitting.do.harder"
        assert (found[0].changes[0].parameter, found[0].changes[0].direction) == ("dropout", "down")
        assert found[0].advice.unless.id == "underfitting.unless.harder"
        assert found[0].confidence < 0.5
        del series["train/accuracy"]
        assert advise(Underfitting(), make_run(series=series, config=CLASSES)).findings == ()


@pytest.mark.parametrize(
    ("config", "fires"),
    [
        pytest.param({"mixup": 0.2}, False, id="inputs and labels are mixed"),
        pytest.param({"cutmix_alpha": 1.0}, False, id="cutmix"),
        pytest.param({"label_smoothing": 0.1}, False, id="labels are smoothed"),
        pytest.param({"augment": "randaug"}, False, id="inputs are changed"),
        pytest.param({"model.drop_path_rate": 0.2}, False, id="layers are skipped"),
        pytest.param({"mixup": 0.0, "label_smoothing": 0.0, "drop_path": 0}, True, id="all off"),
    ],
)
def test_training_that_is_told_to_be_harder_may_lag_behind_validation(
    advise: Advise, config: dict[str, Value], *, fires: bool
) -> None:
    val = falling(60, seed=113, start=2.3, floor=0.84, rate=12, size=0.01)
    share = 0.7 - 0.6 * np.exp(-12 * X) + noise(60, 0.004, 114)
    series = {"train/loss": 1.3 * val, "val/loss": val, "val/accuracy": share}
    run = make_run(series=series | {"train/accuracy": share - 0.1}, config=CLASSES | config)
    assert bool(advise(Underfitting(), run).findings) is fires


def test_what_is_poor_in_validation_too_is_found_with_augmentation(advise: Advise) -> None:
    config = {**CLASSES, "mixup": 0.2}
    run = make_run(train_loss=TRAIN, val_loss=NEAR, val_accuracy=POOR, config=config)
    assert advise(Underfitting(), run).findings


@pytest.mark.parametrize(("rise", "fires"), [(0.4, True), (0.1, False)])
def test_what_rose_with_training_was_not_learned_by_heart(
    advise: Advise, rise: float, *, fires: bool
) -> None:
    risen = 1 - np.exp(-8 * np.maximum(X - 0.1, 0.0))
    fallen = 1.3 + np.exp(-40 * X)
    run = make_run(
        train_loss=fallen + rise * risen + noise(60, 0.003, 115),
        val_loss=fallen + 0.4 * risen + noise(60, 0.003, 116),
        val_accuracy=0.5 - 0.1 * risen + noise(60, 0.003, 117),
        lr=COSINE,
        config=CLASSES,
    )
    assert bool(advise(Underfitting(), run).findings) is fires


NOISY = falling(60, seed=97, start=0.97, floor=0.55, rate=12)
"""The loss of standardized numbers of which little more than two in five can be explained."""


@pytest.mark.parametrize(
    ("best", "config", "found"),
    [
        (0.44, {}, False),
        (0.31, {}, False),
        (44.0, {}, False),
        (0.25, {}, True),
        (25.0, {}, True),
        (0.44, {"hidden_size": 2}, True),
        (0.44, {"dropout": 0.8}, True),
        (0.44, {"dropout": 0.1}, False),
        (0.44, {"hidden_size": 64}, False),
        (None, {}, True),
    ],
)
def test_what_r2_leaves_unexplained_may_be_noise(
    advise: Advise, best: float | None, config: dict[str, Value], *, found: bool
) -> None:
    series = {"train/mse_loss": NOISY, "val/mse_loss": NOISY + noise(60, 0.004, 98)}
    if best is not None:
        series["val/r2"] = best * (1.0 - np.exp(-12 * X)) + noise(60, 0.002 * best, 99)
    run = make_run(series=series, config={"loss": "mse", **config})
    assert bool(advise(Underfitting(), run).findings) is found
