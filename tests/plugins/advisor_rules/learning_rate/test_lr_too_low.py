from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 300)
LINE = 2.3 - 0.25 * X + noise(300, 0.01, 6)


def test_a_straight_line_is_found_over_the_whole_run(advise: Advise) -> None:
    run = make_run(train_loss=LINE, config={"lr": 1e-6})
    finding = advise(LrTooLow(), run).findings[0]
    assert (finding.first_step, finding.last_step) == (0, 299)
    assert finding.changes[0].after == pytest.approx(3e-6)
    assert finding.changes[0].direction == "up"


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(LINE, id="straight"),
        pytest.param(LINE[::20], id="straight, fifteen epochs"),
        pytest.param(np.repeat(LINE, 100) + noise(30000, 0.05, 7), id="straight, noisy steps"),
        pytest.param(2.3 - 0.2 * X - 0.05 * X**2 + noise(300, 0.005, 8), id="steepening"),
        pytest.param(falling(300, seed=9, rate=0.15, size=0.005), id="a seventh of a decay"),
    ],
)
def test_too_low_a_rate_is_found(advise: Advise, loss: Floats) -> None:
    assert advise(LrTooLow(), make_run(train_loss=loss)).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(falling(300, seed=8), id="levels off"),
        pytest.param(falling(300, seed=8, rate=1.5), id="one and a half time constants"),
        pytest.param(2.3 + noise(300, 0.05, 9), id="noise"),
        pytest.param(2.3 - 0.25 * X + noise(300, 0.2, 10), id="too noisy to tell"),
        pytest.param(2.3 - 2.2 * X + noise(300, 0.01, 11), id="straight, until all is gained"),
        pytest.param(falling(300, seed=12, floor=0.0, rate=1.6), id="most gained, and no line"),
        pytest.param(LINE + 3 * np.exp(-X / 0.01), id="a steep start before the line"),
        pytest.param(2.0 + 0.25 * X, id="rises in a straight line"),
        pytest.param(np.full(300, 2.3), id="constant"),
        pytest.param(LINE + 0.1 * np.sin(12 * X), id="up and down on its way"),
        pytest.param(LINE - 5, id="below zero, where nobody knows what is left"),
    ],
)
def test_a_curve_that_is_no_such_line_passes(advise: Advise, loss: Floats) -> None:
    assert advise(LrTooLow(), make_run(train_loss=loss)).findings == ()


def test_a_recorded_rate_that_the_log_never_shows_is_not_raised(advise: Advise) -> None:
    logged = np.full(300, 5e-6)
    run = make_run(train_loss=LINE, lr=logged, config={"optimizer": "Adam", "lr": 5e-4})
    (finding,) = advise(LrTooLow(), run).findings
    assert finding.changes == ()
    assert "5e-6" in finding.advice.title.text
    assert "5e-4" in finding.advice.do.text


def test_a_logged_rate_is_raised_where_none_is_recorded(advise: Advise) -> None:
    (finding,) = advise(LrTooLow(), make_run(train_loss=LINE, lr=np.full(300, 5e-6))).findings
    assert (finding.changes[0].before, finding.changes[0].after) == pytest.approx((5e-6, 1.5e-5))


COSINE = 1e-5 * (1 + np.cos(np.pi * X)) / 2
SLOWED = 2.3 - 0.2 * (X + np.sin(np.pi * X) / np.pi)
"""A loss that falls in proportion to the rate that a cosine schedule has spent."""
ACCURACY = 0.2 + 0.1 * X + noise(300, 0.005, 60)


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(SLOWED + noise(300, 0.01, 61), COSINE, id="cosine"),
        pytest.param(
            2.3 - 0.2 * (2 * X - X**2) + noise(300, 0.01, 62), 1e-5 * (1 - X), id="linear"
        ),
        pytest.param(2.3 - 0.2 * X**2 + noise(300, 0.01, 63), 1e-5 * X, id="warm-up all along"),
    ],
)
def test_a_line_over_the_rate_that_was_spent_is_found_under_a_schedule(
    advise: Advise, loss: Floats, rate: Floats
) -> None:
    run = make_run(train_loss=loss, lr=rate, val_accuracy=ACCURACY)
    assert [f.severity for f in advise(LrTooLow(), run).findings] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(LINE, COSINE, id="a line over the steps speeds up over the rate"),
        pytest.param(falling(300, seed=64, rate=6), COSINE, id="levels off"),
        pytest.param(
            2.3 - 0.5 * (X > 0.7) * (X - 0.7) + noise(300, 0.01, 65), COSINE, id="held up by a rate"
        ),
    ],
)
def test_other_shapes_over_the_rate_that_was_spent_pass(
    advise: Advise, loss: Floats, rate: Floats
) -> None:
    run = make_run(train_loss=loss, lr=rate, val_accuracy=ACCURACY)
    assert advise(LrTooLow(), run).findings == ()


def test_training_alone_must_fall_in_a_perfect_line(advise: Advise) -> None:
    bent = falling(300, seed=64, floor=2.0, rate=1.6)
    alone = make_run(train_loss=bent, lr=np.full(300, 1e-5))
    beside = make_run(train_loss=bent, val_loss=bent, lr=np.full(300, 1e-5))
    assert [len(advise(LrTooLow(), run).findings) for run in (alone, beside)] == [0, 1]


@pytest.mark.parametrize("fall", [1.3, 1.9])
def test_a_perfect_line_is_noted_where_more_than_half_is_gained(
    advise: Advise, fall: float
) -> None:
    run = make_run(train_loss=2.3 - fall * X + noise(300, 0.01, 66), val_accuracy=ACCURACY)
    assert [f.severity for f in advise(LrTooLow(), run).findings] == [Severity.NOTE]


def test_validation_shows_what_the_scatter_of_batches_hides(advise: Advise) -> None:
    steps = {"val/loss": np.arange(9, 300, 10)}
    run = make_run(
        train_loss=LINE + noise(300, 0.5, 66),
        val_loss=LINE[9::10],
        steps=steps,
        lr=np.full(300, 1e-5),
    )
    (finding,) = advise(LrTooLow(), run).findings
    assert finding.evidence[0].series == "val/loss"


def test_without_an_accuracy_a_schedule_leaves_a_note(advise: Advise) -> None:
    run = make_run(train_loss=SLOWED + noise(300, 0.01, 67), lr=COSINE)
    assert [f.severity for f in advise(LrTooLow(), run).findings] == [Severity.NOTE]


def test_a_model_that_is_no_longer_poor_gets_a_note(advise: Advise) -> None:
    run = make_run(train_loss=LINE, val_accuracy=ACCURACY + 0.4)
    assert [f.severity for f in advise(LrTooLow(), run).findings] == [Severity.NOTE]


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(train_loss=LINE, val_accuracy=ACCURACY + 0.65), id="accuracy"),
        pytest.param(make_run(train_loss=LINE, config={"pretrained": True}), id="config"),
    ],
)
def test_a_good_start_is_no_low_rate(advise: Advise, run: Run) -> None:
    assert advise(LrTooLow(), run).result == "not-applicable"


def test_what_was_gained_before_a_restart_counts(advise: Advise) -> None:
    steps = {"train/loss": np.concatenate((np.arange(100), np.arange(300)))}
    run = make_run(train_loss=np.concatenate((np.linspace(9, 3, 100), LINE)), steps=steps)
    assert advise(LrTooLow(), run).findings == ()


STEPS = np.arange(300)
ENDS = np.arange(14, 300, 15)
BENT = 2.0 + np.exp(-X / 0.3)
"""No line: the last third makes a fourteenth of the fall."""
SHAKEN = 0.02 * (-1.0) ** np.arange(20)
"""What long steps add to a validation loss."""


def _bent(
    total: float, config: dict[str, Value] | None = None, *, accuracy: Floats | None = None
) -> Run:
    logged = {"train/loss": BENT, "val/loss": BENT[ENDS] + SHAKEN, "lr": np.full(300, total / 300)}
    logged |= {} if accuracy is None else {"val/accuracy": accuracy}
    steps = {"val/loss": ENDS, "val/accuracy": ENDS}
    return make_run(series=logged, steps=steps, config={"optimizer": "adam", **(config or {})})


@pytest.mark.parametrize("total", [0.03, 0.1, 0.3])
def test_a_loss_that_still_falls_after_next_to_no_rate_is_noted(
    advise: Advise, total: float
) -> None:
    (finding,) = advise(LrTooLow(), _bent(total, {"lr": total / 300})).findings
    (evidence,) = finding.evidence
    assert finding.severity is Severity.NOTE
    assert (evidence.series, evidence.last_step) == ("val/loss", 299)
    assert evidence.value == pytest.approx(total, rel=0.01)
    assert evidence.threshold == pytest.approx(0.35, rel=0.2)
    assert [change.direction for change in finding.changes] == ["up"]


def test_the_less_the_rates_add_up_to_the_surer(advise: Advise) -> None:
    sure = [advise(LrTooLow(), _bent(total)).findings[0].confidence for total in (0.03, 0.1, 0.3)]
    assert 0.8 > sure[0] > sure[1] > sure[2] >= 0.5


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(_bent(0.6), id="more has been spent"),
        pytest.param(_bent(0.1, {"optimizer": "rmsprop"}), id="whose first steps are longer"),
        pytest.param(_bent(0.1, {"epochs": 300}), id="steps that are epochs"),
    ],
)
def test_a_bent_loss_of_other_runs_passes(advise: Advise, run: Run) -> None:
    assert advise(LrTooLow(), run).findings == ()


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(_bent(0.1, {"pretrained": True}), id="trained before"),
        pytest.param(_bent(0.1, accuracy=np.linspace(0.8, 0.95, 20)), id="good from the start"),
    ],
)
def test_a_good_start_needs_little(advise: Advise, run: Run) -> None:
    assert advise(LrTooLow(), run).result == "not-applicable"


@pytest.mark.parametrize(
    ("optimizer", "found"), [("adam", False), ("sgd", True)], ids=["Adam", "SGD may"]
)
def test_after_much_rate_adam_leaves_no_slow_line(
    advise: Advise, optimizer: str, *, found: bool
) -> None:
    run = make_run(
        train_loss=LINE,
        val_loss=LINE[ENDS],
        steps={"val/loss": ENDS},
        lr=np.full(300, 0.02),
        config={"optimizer": optimizer},
    )
    assert bool(advise(LrTooLow(), run).findings) is found


SLOW = 2.0 + np.exp(-X / 0.3)


def _validated(val: Floats, rate: Floats | None = None, **config: Value) -> Run:
    """Return a run whose validation got slowly better."""
    logged = {"train/loss": SLOW + noise(300, 0.05, 70), "val/loss": val}
    logged |= {} if rate is None else {"lr": rate}
    return make_run(series=logged, steps={"val/loss": ENDS}, config=config)


@pytest.mark.parametrize("rate", [np.full(300, 0.003), None], ids=["logged", "not logged"])
def test_a_validation_loss_that_gets_better_every_time_is_noted(
    advise: Advise, rate: Floats | None
) -> None:
    run = _validated(SLOW[ENDS], rate, optimizer="rmsprop")
    (finding,) = advise(LrTooLow(), run).findings
    (evidence,) = finding.evidence
    assert (finding.severity, evidence.series) == (Severity.NOTE, "val/loss")
    assert evidence.value == (20 if rate is not None else 10)
    assert [change.direction for change in finding.changes] == ["up"]


@pytest.mark.parametrize(
    ("optimizer", "found"), [("adam", False), ("sgd", True)], ids=["Adam", "SGD may"]
)
def test_steps_that_add_up_to_much_were_not_short(
    advise: Advise, optimizer: str, *, found: bool
) -> None:
    run = _validated(SLOW[ENDS], np.full(300, 0.02), optimizer=optimizer)
    assert bool(advise(LrTooLow(), run).findings) is found


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(_validated(SLOW[ENDS] + SHAKEN, np.full(300, 0.003)), id="shaken"),
        pytest.param(_validated(SLOW[ENDS] + 3 * SHAKEN), id="shaken, at an unknown rate"),
        pytest.param(_validated(2.0 + np.exp(-X / 0.05)[ENDS]), id="most is learned at once"),
    ],
)
def test_validation_at_usual_steps_passes(advise: Advise, run: Run) -> None:
    assert advise(LrTooLow(), run).findings == ()


@pytest.mark.parametrize(
    ("level", "result"), [(0.05, "not-applicable"), (5.0, "failed")], ids=["low", "high"]
)
def test_a_low_loss_that_much_rate_hardly_moves_began_good(
    advise: Advise, level: float, result: str
) -> None:
    loss = level * (1 - 0.1 * X)
    steps = {"val/loss": ENDS}
    run = make_run(train_loss=loss, val_loss=loss[ENDS], lr=np.full(300, 1e-3), steps=steps)
    assert advise(LrTooLow(), run).result == result


def test_a_contrastive_loss_that_ends_high_is_no_warning(advise: Advise) -> None:
    run = make_run(train_loss=LINE, config={"lr": 1e-6, "loss": "InfoNCE"})
    assert [f.severity for f in advise(LrTooLow(), run).findings] == [Severity.NOTE]


def test_a_line_says_less_at_the_upper_end_of_usual_rates(advise: Advise) -> None:
    loss = 2.3 - 0.25 * X + noise(300, 0.01, 6)
    runs = (make_run(train_loss=loss, config={"lr": rate}) for rate in (1e-5, 0.01))
    low, high = (advise(LrTooLow(), run).findings[0].confidence for run in runs)
    assert low > 0.6 > 0.55 >= high
