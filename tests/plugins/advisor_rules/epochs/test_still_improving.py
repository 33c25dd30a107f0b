from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 60)
MANY = np.linspace(0, 1, 200)
"""More losses than epochs."""
SHORT = falling(60, seed=30, rate=0.8)


def test_a_run_that_stopped_early_is_told_to_go_half_as_long_again(advise: Advise) -> None:
    run = make_run(train_loss=SHORT, val_loss=SHORT + 0.1, config={"trainer.max_epochs": 60})
    finding = advise(StillImproving(), run).findings[0]
    assert finding.severity is Severity.WARNING
    assert finding.evidence[0].series == "val/loss"
    assert finding.last_step == 59
    change = finding.changes[0]
    assert (change.path, change.after, change.direction) == ("trainer.max_epochs", 90, "up")


def test_no_other_number_is_proposed_for_parts_of_an_epoch(advise: Advise) -> None:
    run = make_run(train_loss=SHORT, val_loss=SHORT + 0.1, config={"max_epochs": 1.2})
    assert advise(StillImproving(), run).findings[0].changes == ()


@pytest.mark.parametrize(
    ("rate", "size"), [(0.3, 0.01), (0.8, 0.02), (1.5, 0.02), (2.5, 0.02), (1.0, 0.1)]
)
def test_it_is_found_from_blatant_to_subtle(advise: Advise, rate: float, size: float) -> None:
    loss = falling(60, seed=31, rate=rate, size=size)
    assert advise(StillImproving(), make_run(train_loss=loss, val_loss=loss)).findings


def test_a_training_loss_alone_makes_a_note(advise: Advise) -> None:
    findings = advise(StillImproving(), make_run(train_loss=SHORT)).findings
    assert [f.severity for f in findings] == [Severity.NOTE]


def test_the_end_of_a_schedule_makes_a_note(advise: Advise) -> None:
    quiet = falling(60, seed=30, rate=0.8, size=0.003)
    run = make_run(train_loss=quiet, val_loss=quiet, lr=1e-3 * (1.001 - X))
    assert [f.severity for f in advise(StillImproving(), run).findings] == [Severity.NOTE]


def test_a_loss_that_flattens_with_its_schedule_is_seen_over_the_rate_that_was_spent(
    advise: Advise,
) -> None:
    spent = X + np.sin(np.pi * X) / np.pi
    slowed = 2.3 - 1.2 * spent + noise(60, 0.005, 41)
    run = make_run(train_loss=slowed, val_loss=slowed, lr=1e-3 * (1 + np.cos(np.pi * X)))
    assert [f.severity for f in advise(StillImproving(), run).findings] == [Severity.NOTE]


def test_a_loss_that_levels_off_before_its_schedule_is_done(advise: Advise) -> None:
    done = falling(60, seed=42, rate=8)
    run = make_run(train_loss=done, val_loss=done, lr=1e-3 * (1 + np.cos(np.pi * X)))
    assert advise(StillImproving(), run).findings == ()


def test_what_scatters_more_than_a_schedule_at_its_end_brings_is_no_reason_to_go_on(
    advise: Advise,
) -> None:
    spent = X + np.sin(np.pi * X) / np.pi
    cosine = 1e-3 * (1 + np.cos(np.pi * X))
    for size, fires in ((0.005, True), (0.06, False)):
        slowed = 2.3 - 1.2 * spent + noise(60, size, 44)
        run = make_run(train_loss=slowed, val_loss=slowed, lr=cosine)
        assert bool(advise(StillImproving(), run).findings) is fires


def test_without_a_schedule_the_same_scatter_does_not_hide_a_fall(advise: Advise) -> None:
    noisy = 2.3 - 0.6 * X + noise(60, 0.06, 45)
    assert advise(StillImproving(), make_run(train_loss=noisy, val_loss=noisy)).findings


@pytest.mark.parametrize("bend", [60.0, 100.0, 300.0])
def test_what_is_little_against_all_progress_is_not_worth_another_run(
    advise: Advise, bend: float
) -> None:
    # In its last half such a loss halves again, and hardly moves.
    loss = 1 / (1 + bend * X)
    assert advise(StillImproving(worth=1e-9), make_run(train_loss=loss, val_loss=loss)).findings
    assert advise(StillImproving(), make_run(train_loss=loss, val_loss=loss)).findings == ()


def test_a_training_loss_says_that_it_falls_however_little(advise: Advise) -> None:
    assert advise(StillImproving(), make_run(train_loss=1 / (1 + 60 * MANY))).findings


def test_a_language_model_that_still_falls_is_found_by_its_training_loss(advise: Advise) -> None:
    loss = 3.3 + 7.6 * np.exp(-60 * MANY) + 0.15 * (1 - MANY)
    assert advise(StillImproving(), make_run(train_loss=loss)).findings


@pytest.mark.parametrize(("config", "fires"), [({}, False), ({"scheduler": "constant"}, True)])
def test_few_training_losses_fall_from_epoch_to_epoch_as_they_are_learned_by_heart(
    advise: Advise, config: dict[str, str], fires: bool
) -> None:
    """A tenth of all progress in the last third is no sign, unless the rate is known to be high."""
    loss = np.exp(-4 * X[::5])
    assert (
        bool(advise(StillImproving(), make_run(train_loss=loss, config=config)).findings) is fires
    )


def test_a_validation_that_scatters_by_much_of_all_it_gained_tells_nothing(advise: Advise) -> None:
    for size, fires in ((0.06, True), (0.25, False)):
        loss = 3.3 - 1.2 * X + noise(60, size, 45)
        assert bool(advise(StillImproving(), make_run(val_loss=loss)).findings) is fires


def test_a_run_that_has_only_begun_to_learn_is_found_however_little_it_gained(
    advise: Advise,
) -> None:
    begun = 1.386 - 0.006 * X**3 + noise(60, 1e-5, 43)
    assert advise(StillImproving(), make_run(train_loss=begun, val_loss=begun)).findings


def test_one_validation_leaves_the_training_loss_to_judge_by(advise: Advise) -> None:
    run = make_run(train_loss=SHORT, val_loss=SHORT[59:], steps={"val/loss": np.array([59])})
    (finding,) = advise(StillImproving(), run).findings
    assert (finding.severity, finding.evidence[0].series) == (Severity.NOTE, "train/loss")


def test_what_the_training_loss_fell_before_the_first_validation_counts_as_progress(
    advise: Advise,
) -> None:
    validations = {"val/loss": np.linspace(19, 59, 11).astype(int)}
    val = 0.5 - 0.12 * np.linspace(0, 1, 11) ** 0.8
    for start, fires in ((0.6, True), (5.0, False)):
        train = np.append(np.linspace(start, 0.5, 20), np.linspace(0.5, 0.4, 40))
        run = make_run(train_loss=train, val_loss=val, steps=validations)
        assert bool(advise(StillImproving(), run).findings) is fires


def test_a_training_loss_alone_falls_to_the_end_of_any_schedule(advise: Advise) -> None:
    falls = make_run(train_loss=SHORT, lr=1e-3 * (1.001 - X))
    assert advise(StillImproving(), falls).findings == ()


def test_a_metric_alone_is_not_enough_where_the_loss_rests(advise: Advise) -> None:
    accuracy = 0.5 + 0.3 * X + noise(60, 0.004, 71)
    for rate, fires in ((9.0, False), (1.2, True)):
        loss = falling(60, seed=70, rate=rate)
        run = make_run(train_loss=loss, val_loss=loss, val_accuracy=accuracy)
        assert bool(advise(StillImproving(), run).findings) is fires


def test_a_run_whose_best_validation_was_long_ago_passes(advise: Advise) -> None:
    loss = 2.3 - 0.6 * X + noise(60, 0.02, 46)
    loss[45] = loss.min() - 0.05
    assert advise(StillImproving(), make_run(train_loss=loss, val_loss=loss)).findings == ()


@pytest.mark.parametrize(
    ("validations", "fires"), [(8, True), (24, False)], ids=["a third of them", "all of them"]
)
def test_a_recorded_schedule_need_not_have_ended_where_few_epochs_were_validated(
    advise: Advise, validations: int, *, fires: bool
) -> None:
    loss = 1.5 + np.exp(-2.5 * np.linspace(0, 1, validations)) + noise(validations, 0.02, 47)
    run = make_run(train_loss=loss, val_loss=loss, config={"epochs": 24, "lr_scheduler": "cosine"})
    assert bool(advise(StillImproving(), run).findings) is fires


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        ([2.3, 1.9, 1.6, 1.4], True),
        ([2.3, 0.9, 0.85, 0.84], False),
        ([2.3, 1.9, 1.95, 1.4], False),
        ([2.3, 1.5, 1.0], True),
        ([2.3, 1.0], True),
        ([2.3, 2.35], False),
        ([0.869, 0.855, 0.842, 0.830], True),
        ([0.869, 0.855, 0.850, 0.841], False),
        ([0.835, 0.833, 0.832, 0.830], False),
    ],
)
def test_few_points_count_where_each_is_better_and_the_last_by_far(
    advise: Advise, values: list[float], *, fires: bool
) -> None:
    findings = advise(StillImproving(), make_run(train_loss=values, val_loss=values)).findings
    assert [f.severity for f in findings] == [Severity.NOTE] * fires


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(SHORT, turning(60, seed=32), id="validation rises"),
        pytest.param(SHORT, falling(60, seed=33, rate=12), id="validation is flat"),
        pytest.param(turning(60, seed=34), SHORT, id="training rises"),
        pytest.param(falling(60, seed=35, rate=9), falling(60, seed=36, rate=9), id="done"),
        pytest.param(SHORT, 1 + noise(60, 0.1, 37), id="noise"),
        pytest.param(np.ones(60), np.ones(60), id="constant"),
    ],
)
def test_a_run_that_is_done_passes(advise: Advise, train: Floats, val: Floats) -> None:
    run = make_run(train_loss=train, val_loss=val)
    assert advise(StillImproving(), run).findings == ()


def test_a_metric_that_improves_over_a_loss_that_rises_gives_no_order_to_go_on(
    advise: Advise,
) -> None:
    accuracy = 0.5 + 0.3 * X + noise(60, 0.01, 38)
    run = make_run(train_loss=SHORT, val_loss=turning(60, seed=39), val_accuracy=accuracy)
    assert advise(StillImproving(), run).findings == ()


@pytest.mark.parametrize("seed", range(20))
def test_no_run_is_told_to_train_both_longer_and_shorter(advise: Advise, seed: int) -> None:
    rng = np.random.default_rng(seed)
    wander = np.cumsum(rng.normal(size=60)) * 0.05 + 2
    run = make_run(train_loss=SHORT, val_loss=wander, val_accuracy=1 - wander / 5)
    shorter = [*advise(PastBest(), run).findings, *advise(Overfitting(), run).findings]
    assert not (advise(StillImproving(), run).findings and shorter)


def test_on_a_straight_line_too_low_a_rate_is_the_likelier_cause(advise: Advise) -> None:
    line = 2.3 - 0.25 * X + noise(60, 0.005, 40)
    run = make_run(train_loss=line, val_loss=line + 0.1)
    (longer,) = advise(StillImproving(), run).findings
    (faster,) = advise(LrTooLow(), run).findings
    assert faster.confidence > longer.confidence
    assert set(LrTooLow.symptoms) & set(StillImproving.symptoms)


WAITED = 0.8 + noise(60, 0.004, 71)
WAITED[54] = WAITED.max() + 0.01


@pytest.mark.parametrize(
    ("patience", "fires"),
    [
        pytest.param(5, False, id="as long as the accuracy had to wait"),
        pytest.param(20, True, id="longer"),
        pytest.param(None, True, id="not recorded"),
    ],
)
def test_early_stopping_by_one_curve_ends_what_another_began(
    advise: Advise, patience: int | None, *, fires: bool
) -> None:
    config = {} if patience is None else {"patience": patience}
    run = make_run(train_loss=SHORT, val_loss=SHORT, val_accuracy=WAITED, config=config)
    assert bool(advise(StillImproving(), run).findings) is fires


def test_early_stopping_by_the_curve_that_still_improves_does_not_silence_it(
    advise: Advise,
) -> None:
    loss = SHORT.copy()
    loss[55] = loss.min() - 0.05
    run = make_run(train_loss=SHORT, val_loss=loss, config={"patience": 4})
    assert advise(StillImproving(), run).findings


HELD = np.full(8, 1e-3)
FEW = np.array([2.0, 1.5, 1.25, 1.14, 1.09, 1.06, 1.0, 1.03])
"""The last but one is the best; the last third brought 0.06 of what was learned."""


@pytest.mark.parametrize(
    ("lr", "fires"),
    [
        pytest.param(HELD, True, id="held"),
        pytest.param(HELD * np.linspace(1, 0.85, 8), True, id="a schedule that hardly began"),
        pytest.param(HELD * np.linspace(1, 0.5, 8), False, id="half of a schedule"),
        pytest.param(HELD * np.linspace(1, 0.01, 8), False, id="the end of a schedule"),
    ],
)
def test_a_few_validations_at_a_high_rate_cannot_have_come_to_rest(
    advise: Advise, lr: Floats, *, fires: bool
) -> None:
    run = make_run(train_loss=FEW, val_loss=FEW, lr=lr)
    assert [f.severity for f in advise(StillImproving(), run).findings] == [Severity.NOTE] * fires


def test_a_few_validations_are_done_where_the_training_loss_rests(advise: Advise) -> None:
    rests = np.append(np.linspace(2.0, 1.0, 5), [1.0, 1.001, 1.0])
    run = make_run(train_loss=rests, val_loss=FEW, lr=HELD)
    assert advise(StillImproving(), run).findings == ()


def test_a_few_validations_that_all_got_better_need_no_training_loss_that_falls(
    advise: Advise,
) -> None:
    steady = np.array([2.0, 1.5, 1.25, 1.14, 1.09, 1.06, 1.03, 1.0])
    unsteady = np.append(FEW[:5], [1.0, 1.04, 1.02])
    run = make_run(train_loss=unsteady, val_loss=steady, lr=HELD)
    assert advise(StillImproving(), run).findings


def test_a_few_validations_that_got_worse_for_a_third_of_the_run_are_done(advise: Advise) -> None:
    past = np.append(FEW[:5], [1.1, 1.11, 1.1])
    run = make_run(train_loss=FEW, val_loss=past, lr=HELD)
    assert advise(StillImproving(), run).findings == ()


def test_what_a_falling_rate_brings_is_no_sign_unless_it_is_much(advise: Advise) -> None:
    for bend, fires in ((2.5, False), (0.8, True)):
        loss = falling(60, seed=72, rate=bend, size=0.005)
        held = make_run(train_loss=loss, val_loss=loss, lr=np.full(60, 1e-3))
        half = make_run(train_loss=loss, val_loss=loss, lr=1e-3 * np.geomspace(1, 0.5, 60))
        assert advise(StillImproving(), held).findings
        findings = advise(StillImproving(), half).findings
        assert [f.severity for f in findings] == [Severity.NOTE] * fires


def test_a_small_gain_must_stand_clear_of_the_scatter_of_one_validation(advise: Advise) -> None:
    for size, fires in ((0.004, True), (0.03, False)):
        loss = 1.0 + np.exp(-2.5 * X) + noise(60, size, 73)
        run = make_run(train_loss=loss, val_loss=loss)
        assert bool(advise(StillImproving(), run).findings) is fires


def test_a_loss_that_fell_only_as_the_rate_vanished_had_waited_for_that(advise: Advise) -> None:
    cosine = 1e-3 * (1 + np.cos(np.pi * X))
    spent = X + np.sin(np.pi * X) / np.pi
    for power, fires in ((1, True), (6, False)):
        loss = 2.0 - spent**power + noise(60, 0.001, 74)
        run = make_run(train_loss=loss, val_loss=loss, lr=cosine)
        assert bool(advise(StillImproving(), run).findings) is fires
