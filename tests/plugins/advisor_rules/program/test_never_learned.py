from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, turning
from advisor_rules.program.never_learned import NeverLearned
from tests.plugins.advisor_rules.conftest import Advise

TEN: dict[str, Value] = {"num_classes": 10}
DEAD = math.log(10) + noise(60, 0.004, 310)
CHANCE = 0.1 + noise(60, 0.004, 311)
X = np.linspace(0, 1, 60)
STEPS = 400
LEVEL = 0.7 + noise(STEPS, 0.1, 320)


def test_an_accuracy_at_chance_is_held_against_the_number_of_classes(advise: Advise) -> None:
    (finding,) = advise(
        NeverLearned(), make_run(train_loss=DEAD, val_accuracy=CHANCE, config=TEN)
    ).findings
    proof, level = finding.evidence
    assert (proof.series, level.series) == ("val/accuracy", "train/loss")
    assert abs(proof.value) < 0.02
    assert finding.severity is Severity.WARNING
    assert finding.confidence > 0.9
    assert (finding.first_step, finding.last_step) == (0, 59)
    assert finding.changes == ()


@pytest.mark.parametrize(
    ("loss", "accuracy", "config"),
    [
        pytest.param(DEAD, 100 * CHANCE, TEN, id="in per cent"),
        pytest.param(DEAD, CHANCE, {}, id="loss and accuracy agree on ten classes"),
        pytest.param(math.log(3) - 0.03 + 0 * X, 0.36 + 0 * X, {}, id="three uneven classes"),
        pytest.param(DEAD + 3 * np.exp(-100 * X), CHANCE, TEN, id="after a bad start"),
        pytest.param(DEAD - 0.03 * X, CHANCE, TEN, id="a drift of a per cent"),
        pytest.param(DEAD[:10], CHANCE[:10], TEN, id="ten epochs"),
        pytest.param(DEAD, None, TEN, id="no accuracy, but the number of classes"),
        pytest.param(
            math.log(2) + noise(60, 0.02, 312),
            None,
            {"criterion": "BCEWithLogitsLoss()", "task": "classification"},
            id="a binary loss",
        ),
    ],
)
def test_a_model_that_guesses_to_the_end_is_a_warning(
    advise: Advise, loss: Floats, accuracy: Floats | None, config: dict[str, Value]
) -> None:
    series = {"train/loss": loss} | ({} if accuracy is None else {"val/accuracy": accuracy})
    (finding,) = advise(NeverLearned(), make_run(series=series, config=config)).findings
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("score", "guess"), [("auc", 0.5), ("mcc", 0.0), ("kappa", 0.0), ("r2", 0.0)]
)
def test_some_scores_need_no_number_of_classes(advise: Advise, score: str, guess: float) -> None:
    level = guess + noise(60, 0.01, 322)
    run = make_run(series={"train/loss": DEAD, f"val/{score}": level})
    (finding,) = advise(NeverLearned(), run).findings
    assert finding.evidence[0].series == f"val/{score}"
    better = make_run(series={"train/loss": DEAD, f"val/{score}": level + 0.3})
    assert advise(NeverLearned(), better).findings == ()


def test_a_score_worse_than_the_mean_is_no_guessing(advise: Advise) -> None:
    run = make_run(train_loss=DEAD, val_r2=-3 + noise(60, 0.01, 323))
    assert advise(NeverLearned(), run).findings == ()


def test_without_a_reference_a_loss_that_never_left_its_noise_is_a_note(advise: Advise) -> None:
    (finding,) = advise(NeverLearned(), make_run(train_loss=LEVEL)).findings
    assert finding.severity is Severity.NOTE
    assert finding.confidence == 0.5
    assert finding.cost is None


@pytest.mark.parametrize(
    ("loss", "accuracy", "config"),
    [
        pytest.param(falling(60, seed=313), CHANCE, TEN, id="the loss falls: memorized"),
        pytest.param(DEAD, 0.1 + 0.4 * X, TEN, id="the accuracy rises"),
        pytest.param(DEAD, 0.1 + 0.1 * X + noise(60, 0.004, 314), TEN, id="a little above chance"),
        pytest.param(DEAD, CHANCE + 0.8, TEN, id="a good accuracy"),
        pytest.param(np.where(X < 0.5, DEAD, 2.3 - 2 * X), CHANCE + 0.1, TEN, id="a late start"),
        pytest.param(DEAD, CHANCE - 0.1 + 0.5, {}, id="loss and accuracy disagree"),
        pytest.param(0.3 + noise(60, 0.01, 315), 0.9 + 0 * X, TEN, id="converged, and resumed"),
        pytest.param(0.2 + noise(60, 0.01, 316), 0.95 + 0 * X, {"num_classes": 2}, id="uneven"),
        pytest.param(turning(60, seed=317), CHANCE + 0.3, TEN, id="falls and rises"),
    ],
)
def test_a_run_that_learned_or_was_good_passes(
    advise: Advise, loss: Floats, accuracy: Floats, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=loss, val_accuracy=accuracy, config=config)
    assert advise(NeverLearned(), run).findings == ()


FORGOT = np.append([0.28, 0.14], CHANCE[2:])


@pytest.mark.parametrize(
    ("loss", "scores", "config"),
    [
        pytest.param(np.append([2.1], 0.04 + DEAD[1:]), (FORGOT, CHANCE), TEN, id="at first"),
        pytest.param(np.append([2.1], 0.04 + DEAD[1:]), (FORGOT, CHANCE), {}, id="no number"),
        pytest.param(DEAD + 50 * np.exp(-5 * X), (FORGOT, CHANCE), TEN, id="came down to guessing"),
        pytest.param(DEAD + 50 * X, (FORGOT, CHANCE), TEN, id="was thrown up"),
    ],
)
def test_what_was_learned_at_first_and_did_not_last_is_nothing(
    advise: Advise, loss: Floats, scores: tuple[Floats, Floats], config: dict[str, Value]
) -> None:
    train, val = scores
    run = make_run(train_loss=loss, train_accuracy=train, val_accuracy=val, config=config)
    (finding,) = advise(NeverLearned(), run).findings
    assert finding.severity is Severity.WARNING
    assert finding.evidence[0].series == "val/accuracy"


@pytest.mark.parametrize(
    ("loss", "train", "val"),
    [
        pytest.param(DEAD, FORGOT, FORGOT + 0.2 * np.exp(-9 * X), id="validation was better, too"),
        pytest.param(DEAD, np.append([0.1, 0.14], CHANCE[2:] + 0.4), CHANCE, id="it lasted"),
        pytest.param(3 * np.exp(-2 * X) + 1.2, CHANCE, CHANCE, id="a loss below that of a guess"),
        pytest.param(DEAD + 50 * np.exp(-5 * X), 0.1 + 0.5 * X, CHANCE, id="training gets better"),
        pytest.param(DEAD + 50 * np.exp(-5 * X), CHANCE, 0.1 + 0.5 * X, id="validation does"),
    ],
)
def test_what_lasted_or_showed_in_validation_was_learned(
    advise: Advise, loss: Floats, train: Floats, val: Floats
) -> None:
    run = make_run(train_loss=loss, train_accuracy=train, val_accuracy=val, config=TEN)
    assert advise(NeverLearned(), run).findings == ()


def test_a_model_that_memorizes_what_cannot_be_predicted_passes(advise: Advise) -> None:
    run = make_run(train_loss=DEAD, train_accuracy=0.5 + 0.01 * X, val_accuracy=CHANCE, config=TEN)
    assert advise(NeverLearned(), run).findings == ()


@pytest.mark.parametrize(
    "config",
    [
        {"model.pretrained": True},
        {"resume_from_checkpoint": "out/step-4000"},
        {"model_name_or_path": "bert-base-uncased"},
        {"finetune": "heads"},
    ],
)
def test_a_level_loss_of_a_model_that_began_trained_is_not_judged(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=LEVEL, config=config)
    assert advise(NeverLearned(), run).result == "not-applicable"


@pytest.mark.parametrize(
    "config",
    [{"pretrained": False}, {"resume": None}, {"checkpoint_dir": "out"}, {"save_checkpoint": True}],
)
def test_settings_that_begin_nothing_are_no_excuse(
    advise: Advise, config: dict[str, Value]
) -> None:
    assert advise(NeverLearned(), make_run(train_loss=LEVEL, config=config)).findings


def test_a_level_loss_by_epoch_without_a_reference_is_not_judged(advise: Advise) -> None:
    run = make_run(train_loss=LEVEL[:60], axis=Axis.EPOCH)
    assert advise(NeverLearned(), run).result == "not-applicable"


def test_a_few_level_rows_without_a_reference_are_not_judged(advise: Advise) -> None:
    assert advise(NeverLearned(), make_run(train_loss=LEVEL[:99])).result == "not-applicable"


def test_a_level_loss_of_a_language_model_may_be_a_fine_tune(advise: Advise) -> None:
    run = make_run(train_loss=LEVEL, config={"model_type": "gpt2"})
    assert advise(NeverLearned(), run).result == "not-applicable"


def test_a_language_model_at_the_logarithm_of_its_vocabulary_is_a_warning(advise: Advise) -> None:
    config: dict[str, Value] = {"model_type": "gpt2", "vocab_size": 50257}
    run = make_run(train_loss=10.8 + noise(STEPS, 0.05, 321), config=config)
    assert advise(NeverLearned(), run).findings[0].severity is Severity.WARNING


def test_a_run_that_continues_an_earlier_one_is_not_judged(advise: Advise) -> None:
    run = make_run(train_loss=LEVEL, steps={"train/loss": 5000 + np.arange(STEPS)})
    assert advise(NeverLearned(), run).result == "not-applicable"


@pytest.mark.parametrize(("before", "notes"), [(0, 1), (3, 0)])
def test_the_first_of_six_epochs_continues_no_earlier_run(
    advise: Advise, before: int, notes: int
) -> None:
    flat = 1.3866 - 0.0002 * np.arange(6.0)
    steps = 55 + 56 * (before + np.arange(6))
    ends = {"train/loss": steps, "val/loss": steps}
    run = make_run(train_loss=flat, val_loss=flat + 0.001, steps=ends)
    assert len(advise(NeverLearned(), run).findings) == notes


def test_a_level_loss_beside_an_improving_validation_is_not_judged(advise: Advise) -> None:
    run = make_run(train_loss=LEVEL, val_loss=falling(100, seed=318))
    assert advise(NeverLearned(), run).result == "not-applicable"


def test_a_validation_that_falls_unsteadily_is_learning_too(advise: Advise) -> None:
    """As where the labels of the training data are noisy, and hide it."""
    val = 0.3 + 0.3 * np.exp(-4 * np.linspace(0, 1, 40))
    unsteady = val + noise(40, 0.07, 340)
    assert advise(NeverLearned(), make_run(train_loss=LEVEL, val_loss=unsteady)).findings == ()
    scatter = make_run(train_loss=LEVEL, val_loss=0.6 + noise(40, 0.07, 341))
    assert advise(NeverLearned(), scatter).findings


def test_a_loss_that_is_rounded_to_steps_too_large_to_see_learning_is_not_judged(
    advise: Advise,
) -> None:
    rounded = np.r_[0.3, np.full(29, 0.1)]
    run = make_run(axis=Axis.EPOCH, train_loss=rounded, val_loss=np.full(30, 0.1))
    assert advise(NeverLearned(), run).result == "not-applicable"


@pytest.mark.parametrize("first", [20.17, 2.9131])
def test_a_loss_of_two_levels_far_apart_is_not_taken_for_a_rounded_one(
    advise: Advise, first: float
) -> None:
    stuck = np.r_[first, np.full(29, 2.302585)]
    run = make_run(axis=Axis.EPOCH, train_loss=stuck, val_loss=np.full(30, 2.302585))
    assert advise(NeverLearned(), run).findings


def test_a_training_far_noisier_than_its_few_validations_is_not_judged(advise: Advise) -> None:
    val, ends = np.array([0.28, 0.27, 0.26]), np.array([99, 199, 399])
    run = make_run(train_loss=LEVEL, val_loss=val, steps={"val/loss": ends})
    assert advise(NeverLearned(), run).result == "not-applicable"


def test_a_single_batch_is_held_against_the_noise_of_batches(advise: Advise) -> None:
    odd = LEVEL.copy()
    odd[0] = 0.95
    assert advise(NeverLearned(), make_run(train_loss=odd)).findings
    odd[0] = 1.8
    assert not advise(NeverLearned(), make_run(train_loss=odd)).findings


def test_a_fall_in_the_first_few_batches_is_held_against_the_noise_of_their_mean(
    advise: Advise,
) -> None:
    loss = 0.7 + noise(STEPS, 0.12, 361)
    assert advise(NeverLearned(), make_run(train_loss=loss)).findings
    loss[:8] += 0.35
    assert not advise(NeverLearned(), make_run(train_loss=loss)).findings


def test_a_training_accuracy_that_gains_next_to_nothing_is_a_guess(advise: Advise) -> None:
    loss = math.log(3) - 0.03 * X + noise(60, 0.004, 362)
    for gain, fires in ((0.03, True), (0.12, False)):
        right = 1 / 3 + gain * X + noise(60, 0.004, 363)
        run = make_run(train_loss=loss, train_accuracy=right, config={"num_classes": 3})
        assert bool(advise(NeverLearned(), run).findings) is fires


DRIFT = np.where(np.arange(40) < 12, 0.197, 0.222)
"""What another answer to everything does to an accuracy."""


@pytest.mark.parametrize(("gain", "fires"), [(0.0, True), (0.1, False)])
def test_another_answer_to_everything_is_no_learning(
    advise: Advise, gain: float, *, fires: bool
) -> None:
    accuracy = DRIFT + gain * np.linspace(0, 1, 40)
    val = 1.61 - 0.0004 * np.linspace(0, 1, 40)
    run = make_run(train_loss=LEVEL, val_loss=val, train_accuracy=accuracy)
    assert bool(advise(NeverLearned(), run).findings) is fires


def test_a_noisy_loss_that_falls_below_its_noise_passes(advise: Advise) -> None:
    loss = 2.3 - 0.5 * np.linspace(0, 1, STEPS) + noise(STEPS, 0.6, 319)
    assert advise(NeverLearned(), make_run(train_loss=loss)).findings == ()


def test_the_losses_of_an_agent_are_not_judged(advise: Advise) -> None:
    run = make_run(series={"train/loss": LEVEL, "rollout/ep_rew_mean": 100 + 0 * LEVEL})
    assert advise(NeverLearned(), run).result == "not-applicable"


SAME = np.full(20, 0.602)
PRIOR = 0.672 + noise(20, 0.003, 330)
"""The entropy of an answer that is right 60.2% of the time."""


def test_an_accuracy_that_stands_on_one_value_is_that_of_one_answer(advise: Advise) -> None:
    run = make_run(train_loss=PRIOR + 0.05 * (np.arange(20) < 2), val_accuracy=SAME)
    (finding,) = advise(NeverLearned(), run).findings
    assert finding.severity is Severity.WARNING
    assert (finding.evidence[0].series, finding.evidence[0].value) == ("val/accuracy", 1.0)


def test_one_answer_and_a_level_loss_show_in_five_epochs_and_not_in_four(advise: Advise) -> None:
    same = make_run(axis=Axis.EPOCH, train_loss=PRIOR[:5], val_accuracy=SAME[:5])
    assert advise(NeverLearned(), same).findings
    alone = make_run(axis=Axis.EPOCH, train_loss=PRIOR[:5], config={"num_classes": 2})
    assert advise(NeverLearned(), alone).findings
    shorter = make_run(axis=Axis.EPOCH, train_loss=PRIOR[:4], config={"num_classes": 2})
    assert advise(NeverLearned(), shorter).findings == ()


def test_losses_that_stand_for_five_epochs_are_a_note(advise: Advise) -> None:
    flat = 0.7 + 0.002 * np.array([1.0, -0.5, 0.2, -0.3, 0.1])
    run = make_run(axis=Axis.EPOCH, train_loss=flat, val_loss=flat[::-1])
    assert advise(NeverLearned(), run).findings[0].severity is Severity.NOTE
    falls = make_run(axis=Axis.EPOCH, train_loss=flat, val_loss=flat - 0.05 * np.arange(5))
    assert advise(NeverLearned(), falls).findings == ()
    shorter = make_run(axis=Axis.EPOCH, train_loss=flat, val_loss=flat[:4])
    assert advise(NeverLearned(), shorter).findings == ()


@pytest.mark.parametrize(("train", "fires"), [(0.62, True), (0.7, False)])
def test_a_model_that_knows_its_training_data_better_has_several_answers(
    advise: Advise, train: float, *, fires: bool
) -> None:
    loss = PRIOR + 0.5 * np.exp(-np.arange(20.0))
    right = train + noise(20, 0.002, 364)
    run = make_run(train_loss=loss, train_accuracy=right, val_accuracy=SAME)
    assert bool(advise(NeverLearned(), run).findings) is fires


@pytest.mark.parametrize(
    ("share", "late", "fires"),
    [
        pytest.param(0.143, 0.0, True, id="commoner in training"),
        pytest.param(0.143, 0.3, False, id="training goes on to be right more often"),
        pytest.param(0.2, 0.0, False, id="rounded, as it may be"),
        pytest.param(0.602, 0.0, False, id="right in most cases"),
    ],
)
def test_one_answer_may_be_commoner_in_training(
    advise: Advise, share: float, late: float, *, fires: bool
) -> None:
    loss = 3.22 + 0.5 * np.exp(-np.arange(20.0))
    right = share + 0.08 + late * np.linspace(0, 1, 20) + noise(20, 0.002, 365)
    run = make_run(train_loss=loss, train_accuracy=right, val_accuracy=np.full(20, share))
    assert bool(advise(NeverLearned(), run).findings) is fires


@pytest.mark.parametrize(
    ("loss", "accuracy"),
    [
        pytest.param(PRIOR - 0.3, SAME, id="surer than the accuracy is"),
        pytest.param(PRIOR, SAME + np.arange(20) // 4 / 1000, id="it changes now and then"),
        pytest.param(np.where(np.arange(20) > 15, np.nan, PRIOR), SAME, id="a loss of NaN"),
        pytest.param(PRIOR * 0.2, 0.95 + 0 * SAME, id="a good one"),
        pytest.param(falling(20, seed=331, floor=0.1), SAME, id="the training data is learned"),
    ],
)
def test_a_constant_accuracy_alone_proves_nothing(
    advise: Advise, loss: Floats, accuracy: Floats
) -> None:
    run = make_run(train_loss=loss, val_accuracy=accuracy)
    assert advise(NeverLearned(), run).findings == ()


def test_epochs_that_are_level_in_validation_too_are_noted(advise: Advise) -> None:
    loss, val = 1.0 + noise(30, 0.01, 332), 0.97 + noise(30, 0.0005, 333)
    (finding,) = advise(NeverLearned(), make_run(train_loss=loss, val_loss=val)).findings
    assert finding.severity is Severity.NOTE
    better = make_run(train_loss=loss, val_loss=val - np.linspace(0, 0.1, 30))
    assert advise(NeverLearned(), better).findings == ()


@pytest.mark.parametrize(
    ("train", "val", "fires"),
    [
        pytest.param(np.r_[2.5, np.full(29, 2.31)], np.full(30, 2.31), True, id="at once"),
        pytest.param(np.r_[2.7, np.full(29, 2.31)], np.full(30, 2.31), False, id="by a sixth"),
        pytest.param(np.linspace(2.5, 2.31, 30), np.full(30, 2.31), False, id="all the time"),
        pytest.param(np.r_[2.5, np.full(29, 2.31)], np.full(30, 1.6), False, id="noisy labels"),
        pytest.param(
            np.r_[2.5, np.full(29, 2.31)], np.linspace(2.31, 2.1, 30), False, id="validation fell"
        ),
    ],
)
def test_a_loss_that_fell_by_a_tenth_at_once_and_stood_learned_as_little(
    advise: Advise, train: Floats, val: Floats, fires: bool
) -> None:
    run = make_run(
        axis=Axis.EPOCH,
        train_loss=train + noise(30, 0.002, 340),
        val_loss=val + noise(30, 0.002, 341),
    )
    assert bool(advise(NeverLearned(), run).findings) is fires


def test_accuracies_that_were_rounded_to_a_tenth_are_no_one_answer(advise: Advise) -> None:
    loss, right = falling(60, seed=342, start=2.4, floor=1.7), np.full(60, 0.5)
    rounded = np.where(np.arange(60) < 8, 0.4, right)
    run = make_run(train_loss=loss, val_loss=loss, val_accuracy=rounded)
    assert advise(NeverLearned(), run).findings == ()


def _drifting(share: float) -> Floats:
    """Return a loss by epoch, calm enough to see it fall by a small share of its level."""
    return 2.307 * (1.0 - share * (1.0 - np.exp(-5 * X))) + noise(60, 1e-4, 325)


@pytest.mark.parametrize("share", [0.003, 0.03])
def test_a_drift_of_a_few_per_cent_at_most_is_no_learning(advise: Advise, share: float) -> None:
    loss, val = _drifting(share), 2.31 + noise(60, 0.0005, 326)
    run = make_run(axis=Axis.EPOCH, train_loss=loss, val_loss=val)
    (finding,) = advise(NeverLearned(), run).findings
    assert finding.severity is Severity.NOTE
    assert (finding.first_step, finding.last_step) == (0, 59)


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(_drifting(0.06), _drifting(0.06), id="a fall of six per cent"),
        pytest.param(_drifting(0.003), _drifting(0.2), id="validation falls"),
        pytest.param(np.r_[2.6, _drifting(0.003)[1:]], _drifting(0.003), id="a higher first epoch"),
    ],
)
def test_a_small_fall_that_is_seen_passes(advise: Advise, train: Floats, val: Floats) -> None:
    run = make_run(axis=Axis.EPOCH, train_loss=train, val_loss=val)
    assert not advise(NeverLearned(), run).findings


STANDS = 2.3 + noise(60, 0.05, 330)


@pytest.mark.parametrize(
    ("rate", "severity"), [(0.1, Severity.WARNING), (1e-4, Severity.NOTE), (None, Severity.NOTE)]
)
@pytest.mark.parametrize("points", [6, 60])
def test_a_rate_of_zero_throughout_is_the_cause(
    advise: Advise, rate: float | None, severity: Severity, points: int
) -> None:
    config: dict[str, Value] = {} if rate is None else {"lr": rate}
    run = make_run(train_loss=STANDS[:points], lr=np.zeros(points), config=config)
    (finding,) = advise(NeverLearned(), run).findings
    assert finding.evidence[0].series == "lr"
    assert finding.severity is severity
    assert finding.advice.observed.text == "The learning rate was 0 throughout"


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(falling(60, seed=331), np.zeros(60), id="it fell all the same"),
        pytest.param(falling(8, seed=332), np.zeros(8), id="in eight rows"),
        pytest.param(falling(60, seed=333)[::-1], np.zeros(60), id="it rose"),
        pytest.param(0.2 + 0 * STANDS, np.full(60, 1e-8), id="the rate is small"),
        pytest.param(STANDS.round(1), np.zeros(60), id="rounded as the rate may be"),
        pytest.param(np.append(2.9, STANDS), np.zeros(61), id="learned in the first epoch"),
        pytest.param(STANDS, np.append(np.zeros(59), 1e-3), id="it was above 0 at last"),
        pytest.param(STANDS, np.append(np.zeros(59), np.nan), id="it broke"),
    ],
)
def test_a_rate_of_zero_is_no_cause_where_something_moved(
    advise: Advise, loss: Floats, rate: Floats
) -> None:
    found = advise(NeverLearned(), make_run(train_loss=loss, lr=rate)).findings
    assert all(finding.evidence[0].series != "lr" for finding in found)


@pytest.mark.parametrize(("rate", "found"), [(0.01, True), (2e-5, False)])
def test_a_rate_that_is_rounded_away_is_none_of_a_good_model(
    advise: Advise, rate: float, *, found: bool
) -> None:
    series = {"train/loss": 0.2 + 0.1 * STANDS, "val/accuracy": 0.93 + noise(60, 0.004, 340)}
    run = make_run(series=series | {"lr": np.zeros(60)}, config={"lr": rate})
    assert bool(advise(NeverLearned(), run).findings) is found


def test_an_error_rate_in_per_cent_shows_a_good_model(advise: Advise) -> None:
    series = {"train/loss": 0.15 + noise(200, 0.03, 334), "val/loss": 0.15 + noise(3, 0.002, 335)}
    wrong: dict[str, Floats] = {"val/err_pct": np.array([4.44, 4.0, 4.0])}
    assert advise(NeverLearned(), make_run(series=series)).findings
    assert not advise(NeverLearned(), make_run(series=series | wrong)).findings
    poor = series | {"val/loss": 2.3 + noise(3, 0.002, 335), "val/err_pct": 90 + noise(3, 1, 339)}
    assert advise(NeverLearned(), make_run(series=poor)).findings


@pytest.mark.parametrize(
    ("metric", "level", "config", "found"),
    [
        ("val/accuracy", 0.33, {"num_classes": 100}, False),
        ("val/accuracy", 0.33, {}, True),
        ("val/wer", 0.12, {}, False),
        ("val/wer", 12.0, {}, False),
        ("val/wer", 97.0, {}, True),
        ("val/top5_error", 0.08, {}, False),
    ],
)
def test_what_is_far_better_than_a_guess_is_a_good_start(
    advise: Advise, metric: str, level: float, config: dict[str, Value], *, found: bool
) -> None:
    series = {"train/loss": 1.43 + noise(200, 0.05, 336), "val/loss": 1.43 + noise(4, 0.002, 337)}
    run = make_run(series=series | {metric: level * (1 + noise(4, 0.003, 338))}, config=config)
    assert bool(advise(NeverLearned(), run).findings) is found
