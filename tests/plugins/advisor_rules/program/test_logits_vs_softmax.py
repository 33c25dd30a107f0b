from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.program.logits_vs_softmax import LogitsVsSoftmax
from advisor_rules.signs.chance import most_entropy
from advisor_rules.signs.doubled_softmax import floor_of
from tests.plugins.advisor_rules.conftest import Advise

TEN: dict[str, Value] = {"num_classes": 10}
RISE = 1 - np.exp(-5 * np.linspace(0, 1, 60))
RIGHT = 0.1 + 0.86 * RISE
STUCK = falling(60, seed=351, start=2.3, floor=1.51, size=0.003)


def twice(logits: Floats) -> float:
    """Return the cross-entropy of answers through two softmaxes, where row i is of class i."""
    for _ in range(2):
        logits = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return float(-np.log(np.diag(logits)).mean())


@pytest.mark.parametrize("classes", [2, 3, 10, 1000])
def test_the_floor_is_what_certain_and_right_answers_cost(classes: int) -> None:
    assert twice(50 * np.eye(classes)) == pytest.approx(floor_of(classes), rel=1e-6)


def test_no_answers_are_as_uncertain_as_the_bound_allows() -> None:
    assert most_entropy(1.0, 10) == 0
    assert most_entropy(0.1, 10) == pytest.approx(math.log(10))
    assert most_entropy(0.5, 2) == pytest.approx(math.log(2))


def test_a_good_model_at_the_floor_is_a_note(advise: Advise) -> None:
    run = make_run(train_loss=STUCK, train_accuracy=RIGHT, config=TEN)
    (finding,) = advise(LogitsVsSoftmax(), run).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].threshold == pytest.approx(1.461, abs=0.001)
    assert finding.changes[0].parameter == "output_activation"


@pytest.mark.parametrize(
    ("series", "classes"),
    [
        pytest.param({"val/loss": STUCK, "val/accuracy": RIGHT}, 10, id="validation"),
        pytest.param({"train/accuracy": 100 * RIGHT}, 10, id="in per cent"),
        pytest.param({"train/accuracy": RIGHT - 0.05}, 10, id="a little less certain"),
        pytest.param({"train/loss": STUCK - 0.9, "train/accuracy": RIGHT}, 3, id="three classes"),
        pytest.param({"train/loss": STUCK + 2.16, "train/accuracy": RIGHT}, 100, id="hundred"),
    ],
)
def test_the_floor_is_found(advise: Advise, series: dict[str, Floats], classes: int) -> None:
    run = make_run(series={"train/loss": STUCK} | series, config={"num_classes": classes})
    assert advise(LogitsVsSoftmax(), run).findings


@pytest.mark.parametrize(
    ("loss", "accuracy", "config"),
    [
        pytest.param(falling(60, seed=352, floor=0.1), RIGHT, TEN, id="falls below the floor"),
        pytest.param(STUCK, RIGHT - 0.5, TEN, id="a poor accuracy explains the loss"),
        pytest.param(STUCK + 0.6, RIGHT, TEN, id="far above the floor"),
        pytest.param(STUCK - 1.0, RIGHT, TEN, id="label smoothing"),
        pytest.param(STUCK - 1.1, RIGHT - 0.06, {"num_classes": 2}, id="two classes, 90% right"),
        pytest.param(STUCK, RIGHT, {"num_classes": 1000}, id="a thousand classes"),
        pytest.param(np.where(RISE > 0.9, 1.2, STUCK), RIGHT, TEN, id="below it at the end"),
        pytest.param(150 * STUCK, RIGHT, TEN, id="another unit"),
    ],
)
def test_other_losses_pass(
    advise: Advise, loss: Floats, accuracy: Floats, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=loss, train_accuracy=accuracy, config=config)
    assert advise(LogitsVsSoftmax(), run).result == "passed"


def test_without_an_accuracy_it_is_not_judged(advise: Advise) -> None:
    without = make_run(train_loss=STUCK, val_f1=RIGHT, config=TEN)
    assert advise(LogitsVsSoftmax(), without).result == "not-applicable"


def levelling(classes: int, right: float, pace: float = 12.0) -> tuple[Floats, Floats]:
    """Return the loss and the accuracy of a doubled softmax that learns and then stands still."""
    rise = 1 - np.exp(-pace * np.linspace(0, 1, 60))
    cost = math.log(classes) + (floor_of(classes) + 1 - right - math.log(classes)) * rise
    scatter = noise(60, 0.002, 361)  # so that no row is bound to its accuracy
    return cost + scatter, 1 / classes + (right - 1 / classes) * rise


@pytest.mark.parametrize(("classes", "right"), [(2, 0.97), (3, 0.9), (10, 0.99), (100, 0.8)])
def test_the_levels_of_loss_and_accuracy_show_the_number_of_classes(
    advise: Advise, classes: int, right: float
) -> None:
    loss, accuracy = levelling(classes, right)
    val_loss, val_accuracy = levelling(classes, right - 0.03)
    run = make_run(
        train_loss=loss, train_accuracy=accuracy, val_loss=val_loss, val_accuracy=val_accuracy
    )
    (finding,) = advise(LogitsVsSoftmax(), run).findings
    assert finding.evidence[0].threshold == pytest.approx(floor_of(classes))


def test_levels_show_it_while_loss_and_accuracy_still_improve(advise: Advise) -> None:
    loss, accuracy = levelling(10, 0.99, pace=4.0)
    assert advise(LogitsVsSoftmax(), make_run(train_loss=loss, train_accuracy=accuracy)).findings


LOSS, ACCURACY = levelling(10, 0.99)


@pytest.mark.parametrize(
    "series",
    [
        pytest.param({"train/loss": LOSS - 0.06 * RISE}, id="of no number of classes"),
        pytest.param({"train/loss": np.append(LOSS[:-1], 1.2)}, id="below the floor once"),
        pytest.param({"train/loss": np.append(2.6, LOSS[1:])}, id="above all that it can cost"),
        pytest.param({"train/loss": LOSS + np.linspace(0.06, 0, 60)}, id="still falling"),
        pytest.param({"val/loss": LOSS + 0.1, "val/accuracy": ACCURACY}, id="validation differs"),
        pytest.param({"train/accuracy": np.full(60, 0.5)}, id="half of it wrong"),
    ],
)
def test_levels_that_a_doubled_softmax_cannot_have_pass(
    advise: Advise, series: dict[str, Floats]
) -> None:
    run = make_run(series={"train/loss": LOSS, "train/accuracy": ACCURACY} | series)
    assert advise(LogitsVsSoftmax(), run).result == "passed"


def _of_four(gap: float, smoothing: float = 0.0, learned: float = 0.49) -> Run:
    """Return losses of four classes twice through a softmax, three in four of training right."""
    right = 0.25 + learned * RISE
    held = 0.25 + (learned - gap) * RISE
    total = floor_of(4) + 1.0
    return make_run(
        train_loss=np.minimum(total - right, 1.39) + noise(60, 0.01, 360),
        train_accuracy=right + noise(60, 0.01, 361),
        val_loss=np.minimum(total - held, 1.39) + noise(60, 0.005, 362),
        val_accuracy=held + noise(60, 0.005, 363),
        config={"label_smoothing": smoothing},
    )


@pytest.mark.parametrize("learned", [0.49, 0.4])
def test_a_poor_model_is_told_by_equal_sums_on_training_and_validation_data(
    advise: Advise, learned: float
) -> None:
    (finding,) = advise(LogitsVsSoftmax(), _of_four(gap=0.12, learned=learned)).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].threshold == pytest.approx(floor_of(4))


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(_of_four(gap=0.02), id="both are known as well"),
        pytest.param(_of_four(gap=0.02, learned=0.3), id="and neither well"),
        pytest.param(_of_four(gap=0.12, smoothing=0.1), id="labels were smoothed"),
        pytest.param(_of_four(gap=0.12, learned=0.3), id="an honest model may cost as much"),
    ],
)
def test_other_sums_of_a_poor_model_pass(advise: Advise, run: Run) -> None:
    assert advise(LogitsVsSoftmax(), run).findings == ()


def test_an_honest_model_of_two_classes_may_cost_as_much_and_passes(advise: Advise) -> None:
    def honest(right: float, seed: int) -> tuple[Floats, Floats]:
        entropy = -right * math.log(right) - (1 - right) * math.log(1 - right)
        loss = falling(60, seed=seed, start=math.log(2), floor=entropy, rate=12, size=0.0)
        return loss, 0.5 + (right - 0.5) * RISE

    loss, accuracy = honest(0.71, 370)
    val_loss, val_accuracy = honest(0.78, 371)
    run = make_run(
        train_loss=loss, train_accuracy=accuracy, val_loss=val_loss, val_accuracy=val_accuracy
    )
    assert advise(LogitsVsSoftmax(), run).result == "passed"


def test_levels_that_smoothed_labels_may_have_as_well_pass(advise: Advise) -> None:
    config: dict[str, Value] = {"label_smoothing": 0.1}
    run = make_run(train_loss=LOSS, train_accuracy=ACCURACY, config=config)
    assert advise(LogitsVsSoftmax(), run).result == "passed"


def test_the_first_step_must_be_a_guess_among_as_many_classes(advise: Advise) -> None:
    def began(first: float) -> Run:
        loss = np.append(first, LOSS[1:])
        return make_run(train_loss=loss, train_accuracy=ACCURACY, val_loss=LOSS[::6])

    assert advise(LogitsVsSoftmax(), began(2.31)).findings
    assert advise(LogitsVsSoftmax(), began(2.1)).result == "passed"


@pytest.mark.parametrize("smoothing", [0.1, 0.2, 0.3])
@pytest.mark.parametrize("classes", [2, 3, 5, 10, 100, 1000])
def test_a_loss_with_smoothed_labels_passes(advise: Advise, classes: int, smoothing: float) -> None:
    target = np.full(classes, smoothing / classes)
    target[0] += 1 - smoothing
    floor = float(-(target * np.log(target)).sum())
    loss = falling(60, seed=360, start=math.log(classes), floor=floor, rate=12, size=0.0)
    run = make_run(train_loss=loss, train_accuracy=1 / classes + (0.99 - 1 / classes) * RISE)
    assert advise(LogitsVsSoftmax(), run).findings == ()


def test_a_validation_loss_that_overfits_up_to_the_floor_passes(advise: Advise) -> None:
    run = make_run(
        train_loss=falling(60, seed=353, floor=0.02),
        val_loss=0.4 + 1.2 * RISE + noise(60, 0.01, 354),
        val_accuracy=RIGHT,
        config=TEN,
    )
    assert advise(LogitsVsSoftmax(), run).findings == ()


def bound_by(accuracy: Floats, classes: int, scatter: float = 0.0) -> Floats:
    """Return what a doubled softmax costs where answers are certain, if accuracies vary by 0.02."""
    bond = floor_of(classes) + 1.0 - accuracy
    return bond + noise(len(accuracy), scatter * 0.02, 355)


def test_losses_that_lie_further_apart_than_any_softmax_puts_them_pass(advise: Advise) -> None:
    accuracy = 0.3 + noise(60, 0.02, 356)
    series = {"train/loss": STUCK + 2 * (np.arange(60) < 3), "val/accuracy": accuracy}
    series["val/loss"] = bound_by(accuracy, 10)
    assert advise(LogitsVsSoftmax(), make_run(series=series)).findings == ()


@pytest.mark.parametrize("split", ["train", "val"])
@pytest.mark.parametrize(("classes", "share"), [(10, 0.3), (70, 0.18), (1000, 0.05), (3, 0.9)])
def test_a_loss_that_moves_as_the_errors_do_needs_no_number_of_classes(
    advise: Advise, classes: int, share: float, split: str
) -> None:
    accuracy = share + noise(60, 0.02, 356)
    stuck = bound_by(np.full(60, share), classes)
    series = {"train/loss": stuck, f"{split}/accuracy": accuracy}
    series[f"{split}/loss"] = bound_by(accuracy, classes, scatter=0.03)
    (finding,) = advise(LogitsVsSoftmax(), make_run(series=series)).findings
    assert f"{classes:,} classes" in finding.advice.evidence.text
    assert finding.severity is (Severity.NOTE if share > 0.6 else Severity.WARNING)


@pytest.mark.parametrize("rows", [5, 12])
def test_five_rows_will_do_where_training_and_validation_are_bound_alike(
    advise: Advise, rows: int
) -> None:
    accuracy = 0.3 + noise(rows, 0.02, 362)
    series = {"train/accuracy": accuracy, "val/accuracy": accuracy - 0.05}
    series |= {"train/loss": bound_by(accuracy, 70), "val/loss": bound_by(accuracy - 0.05, 70)}
    (finding,) = advise(LogitsVsSoftmax(), make_run(series=series)).findings
    assert finding.severity is Severity.WARNING
    apart = series | {"val/loss": series["val/loss"] + 0.1}
    assert advise(LogitsVsSoftmax(), make_run(series=apart)).findings == ()


@pytest.mark.parametrize(
    ("accuracy", "classes", "scatter", "config"),
    [
        pytest.param(0.3 + noise(60, 0.02, 357), 10, 0.3, {}, id="a loose bond"),
        pytest.param(0.3 + noise(60, 0.02, 357), 10, 0.0, {"num_classes": 20}, id="others"),
        pytest.param(0.7 + noise(60, 0.02, 357), 2, 0.0, {}, id="two classes"),
        pytest.param(0.23 + noise(60, 0.02, 357), 10, 0.0, {}, id="one answer to everything"),
        pytest.param(np.full(60, 0.3), 10, 0.0, {}, id="an accuracy that stands still"),
        pytest.param(0.3 + noise(12, 0.02, 357), 10, 0.0, {}, id="a dozen rows"),
    ],
)
def test_other_bonds_of_loss_and_accuracy_pass(
    advise: Advise, accuracy: Floats, classes: int, scatter: float, config: dict[str, Value]
) -> None:
    loss = bound_by(accuracy, classes, scatter)
    run = make_run(train_loss=loss, train_accuracy=accuracy, config=config)
    assert advise(LogitsVsSoftmax(), run).findings == ()


def test_a_loss_and_an_accuracy_of_one_digit_pass(advise: Advise) -> None:
    accuracy = np.where(np.arange(60) < 50, 0.3, 0.4)
    run = make_run(train_loss=np.round(2.4 - accuracy, 1), train_accuracy=accuracy)
    assert advise(LogitsVsSoftmax(), run).findings == ()


def test_a_loss_that_is_the_share_of_errors_passes(advise: Advise) -> None:
    accuracy = 0.3 + noise(60, 0.02, 358)
    run = make_run(train_loss=1.0 - accuracy, train_accuracy=accuracy)
    assert advise(LogitsVsSoftmax(), run).findings == ()


@pytest.mark.parametrize(("classes", "signal"), [(3, 1.0), (10, 0.3), (10, 3.0), (70, 1.0)])
def test_an_honest_cross_entropy_has_no_such_bond(
    advise: Advise, classes: int, signal: float
) -> None:
    draws = np.random.default_rng(359)
    right = signal * np.linspace(0.5, 1, 60)[:, None] + draws.normal(0, 1, (60, 64))
    others = draws.normal(0, 1, (60, 64, classes - 1))
    total = np.exp(right) + np.exp(others).sum(axis=2)
    accuracy = (right > others.max(axis=2)).mean(axis=1)
    loss = (np.log(total) - right).mean(axis=1)
    run = make_run(train_loss=loss, train_accuracy=accuracy)
    assert advise(LogitsVsSoftmax(), run).findings == ()
