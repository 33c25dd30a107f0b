from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import dancing, falling, noise, turning, with_values
from advisor_rules.learning_rate.lr_range import LrRange
from advisor_rules.program.never_learned import NeverLearned
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=400)
SLOW = falling(60, seed=399, rate=0.3)


@pytest.mark.parametrize(
    ("optimizer", "rate", "bound", "direction"),
    [
        ("Adam", 0.5, 1e-2, "down"),
        ("torch.optim.AdamW", 0.11, 1e-2, "down"),
        ("RMSprop", 0.101, 1e-2, "down"),
        ("adamw_torch", 9e-7, 1e-5, "up"),
        ("SGD", 9e-5, 1e-3, "up"),
        ("sgd", 5.0, 1.0, "down"),
        ("Lion", 0.02, 1e-3, "down"),
        ("Adadelta", 1e-3, 1e-1, "up"),
    ],
)
def test_a_rate_far_from_what_is_usual_is_a_note(
    advise: Advise, optimizer: str, rate: float, bound: float, direction: str
) -> None:
    loss = SLOW if direction == "up" else LOSS
    run = make_run(train_loss=loss, config={"optim": optimizer, "opt.lr": rate})
    (finding,) = advise(LrRange(), run).findings
    assert finding.severity is Severity.NOTE
    (change,) = finding.changes
    assert (change.path, change.before, change.after) == ("opt.lr", rate, bound)
    assert change.direction == direction


@pytest.mark.parametrize(
    "config",
    [
        {"optimizer": "Adam", "lr": 1e-3},
        {"optimizer": "Adam", "lr": 0.03},
        {"optimizer": "Adam", "lr": 0.099},
        {"optimizer": "AdamW", "lr": 2e-6},
        {"optimizer": "AdamW", "lr": 1e-6},
        {"optimizer": "AdamW", "lr": 5e-7, "model_name_or_path": "bert-base"},
        {"optimizer": "SGD", "lr": 3.0},
        {"optimizer": "SGD", "lr": 1e-4},
        {"optimizer": "sgd", "lr": "1e-1"},
        {"optimizer": "Lion", "lr": 1e-4},
        {"optimizer": "Adadelta", "lr": 1.0},
    ],
)
def test_a_rate_within_ten_times_the_usual_passes(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(LrRange(), make_run(train_loss=LOSS, config=config)).result == "passed"


@pytest.mark.parametrize(("end", "result"), [(0.4, "failed"), (0.1, "passed")])
def test_exactly_ten_times_the_usual_is_a_suspect_where_there_is_more_to_learn(
    advise: Advise, end: float, result: str
) -> None:
    loss = end + (LOSS - LOSS[-1])
    run = make_run(train_loss=loss, config={"optimizer": "Adam", "lr": 0.1})
    assert advise(LrRange(), run).result == result


@pytest.mark.parametrize(("shaken", "result"), [(0.05, "failed"), (0.0, "passed")])
def test_exactly_ten_times_the_usual_is_no_suspect_while_each_validation_is_the_best(
    advise: Advise, shaken: float, result: str
) -> None:
    """The same run must not be told to lower the rate and to raise it."""
    calm = 0.2 + 0.5 * np.exp(-0.3 * np.arange(10))
    val = calm + 0.02 + shaken * (-1.0) ** np.arange(10)
    config: dict[str, Value] = {"optimizer": "Adam", "lr": 0.1}
    run = make_run(train_loss=calm, val_loss=val, config=config)
    assert advise(LrRange(), run).result == result


@pytest.mark.parametrize(("accuracy", "result"), [(0.7, "failed"), (0.93, "passed")])
def test_exactly_ten_times_the_usual_is_fine_where_nearly_all_answers_are_right(
    advise: Advise, accuracy: float, result: str
) -> None:
    right = np.minimum(np.linspace(0.1, 1.2, 60), accuracy)
    config: dict[str, Value] = {"optimizer": "Adam", "lr": 0.1, "num_classes": 10}
    run = make_run(train_loss=LOSS, val_accuracy=right, config=config)
    assert advise(LrRange(), run).result == result


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"lr": 0.5},
        {"optimizer": "Adam"},
        {"optimizer": "auto", "lr": 0.5},
        {"optimizer": "signum", "lr": 3e-6},
        {"optimizer": "Adam", "lr": "auto"},
        {"optimizer": "Adam", "actor.lr": 0.5, "critic.lr": 0.6},
        {"optimizer": "Adam", "lr": 0.0},
    ],
)
def test_what_is_not_recorded_is_not_judged(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(LrRange(), make_run(train_loss=LOSS, config=config)).result == "not-applicable"


@pytest.mark.parametrize(
    ("config", "logged"), [({"lr": 20.0}, None), ({}, 5.0), ({"lr": 2.0, "warmup_steps": 40}, None)]
)
def test_a_high_rate_of_an_unknown_optimizer_that_learns_passes(
    advise: Advise, config: dict[str, Value], logged: float | None
) -> None:
    rates = {} if logged is None else {"lr": np.full(60, logged)}
    run = make_run(series={"train/loss": LOSS} | rates, config=config)
    assert advise(LrRange(), run).findings == ()


def test_a_recorded_rate_that_was_not_trained_with_is_not_judged(advise: Advise) -> None:
    config: dict[str, Value] = {"optimizer": "Adam", "lr": 0.5}
    scaled = make_run(train_loss=LOSS, lr=np.full(60, 1e-3), config=config)
    same = make_run(train_loss=LOSS, lr=np.full(60, 0.5), config=config)
    assert advise(LrRange(), scaled).result == "not-applicable"
    assert advise(LrRange(), same).findings


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(falling(60, seed=401, rate=15), 3e-5, id="low, and it learned"),
        pytest.param(SLOW + 8 * np.linspace(0, 1, 60) ** 4, 3e-5, id="low, and it diverges"),
        pytest.param(dancing(400, 4), 3e-5, id="low, and it dances"),
        pytest.param(with_values(SLOW, np.nan, 58, 59), 3e-5, id="low, and it becomes NaN"),
    ],
)
def test_a_rate_that_the_curves_defend_passes(advise: Advise, loss: Floats, rate: float) -> None:
    run = make_run(train_loss=loss, config={"optimizer": "SGD", "lr": rate})
    assert advise(LrRange(), run).findings == ()


DEAD = {"train/loss": 2.303 + noise(60, 0.004, 405)}
"""Of ten classes: what a model that guesses costs."""
TEN: dict[str, Value] = {"num_classes": 10}
POOR = {
    "train/loss": falling(60, seed=406, floor=1.7, rate=12),
    "val/loss": falling(60, seed=407, floor=1.7, rate=12),
    "val/accuracy": 0.4 - 0.3 * np.exp(-12 * np.linspace(0, 1, 60)),
}
"""Level, and far from good."""


@pytest.mark.parametrize(
    ("rate", "batch", "bounds"),
    [
        pytest.param(0.5, 256, [0.1], id="five times"),
        pytest.param(0.49, 256, [], id="less"),
        pytest.param(0.5, 512, [], id="larger batches"),
        pytest.param(2.0, 1024, [0.4], id="five times for these"),
    ],
)
def test_momentum_lowers_what_is_usual_and_large_batches_raise_it(
    advise: Advise, rate: float, batch: int, bounds: list[float]
) -> None:
    config: dict[str, Value] = {"optimizer": "SGD", "lr": rate, "momentum": 0.9}
    run = make_run(train_loss=LOSS, config=config | {"batch_size": batch})
    findings = advise(LrRange(), run).findings
    assert [change.after for f in findings for change in f.changes] == bounds


@pytest.mark.parametrize(
    ("rate", "floor", "fires"), [(0.09, 1.8, True), (0.07, 1.8, False), (0.09, 1.2, False)]
)
def test_where_validation_ended_high_nearly_ten_times_is_a_suspect(
    advise: Advise, rate: float, floor: float, fires: bool
) -> None:
    val = falling(60, seed=425, start=2.4, floor=floor)
    config: dict[str, Value] = {"optimizer": "AdamW", "lr": rate}
    run = make_run(train_loss=LOSS, val_loss=val, config=config)
    assert bool(advise(LrRange(), run).findings) is fires


@pytest.mark.parametrize("series", [DEAD, POOR])
@pytest.mark.parametrize(
    ("config", "bound"),
    [
        pytest.param({"optimizer": "Adam", "lr": 0.05}, 1e-2, id="five times the highest"),
        pytest.param({"optimizer": "SGD", "lr": 0.4, "momentum": 0.9}, 0.1, id="by its momentum"),
        pytest.param({"lr": 0.5}, 0.05, id="of an unknown optimizer"),
    ],
)
def test_where_little_was_learned_less_is_needed(
    advise: Advise, series: dict[str, Floats], config: dict[str, Value], bound: float
) -> None:
    (finding,) = advise(LrRange(), make_run(series=series, config=TEN | config)).findings
    (change,) = finding.changes
    assert (change.after, change.direction) == (bound, "down")
    learned = make_run(train_loss=LOSS, config=TEN | config)
    assert not advise(LrRange(), learned).findings


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"optimizer": "Adam", "lr": 0.03}, id="three times the highest"),
        pytest.param({"optimizer": "Adam", "lr": 4e-6}, id="not far below"),
        pytest.param({"optimizer": "SGD", "lr": 0.3, "momentum": 0.9}, id="with momentum"),
        pytest.param({"optimizer": "SGD", "lr": 0.5}, id="without"),
        pytest.param({"optimizer": "SGD", "lr": 0.1, "momentum": 0.999}, id="another matter"),
        pytest.param({"lr": 0.1}, id="usual for SGD"),
        pytest.param({"optimizer": "signum", "lr": 0.5}, id="a range that nobody knows"),
    ],
)
def test_usual_rates_are_no_suspects(advise: Advise, config: dict[str, Value]) -> None:
    assert not advise(LrRange(), make_run(series=DEAD, config=TEN | config)).findings


@pytest.mark.parametrize(
    ("floor", "fires"), [pytest.param(1.8, True, id="a quarter"), (1.2, False), (0.2, False)]
)
def test_a_loss_that_fell_by_little_makes_the_rate_a_suspect(
    advise: Advise, floor: float, fires: bool
) -> None:
    run = make_run(
        train_loss=falling(60, seed=403, start=2.4, floor=floor),
        config={"optimizer": "AdamW", "lr": 0.05},
    )
    assert bool(advise(LrRange(), run).findings) is fires


def test_a_loss_that_fell_by_little_at_a_low_rate_may_be_fine_tuned(advise: Advise) -> None:
    loss = falling(60, seed=404, start=2.0, floor=1.6)
    config: dict[str, Value] = {"optimizer": "AdamW", "lr": 2e-6}
    assert not advise(LrRange(), make_run(train_loss=loss, config=config)).findings


def test_a_logged_rate_will_do(advise: Advise) -> None:
    run = make_run(series={**DEAD, "lr": np.full(60, 0.5)}, config=TEN)
    (finding,) = advise(LrRange(), run).findings
    assert (finding.changes[0].path, finding.changes[0].after) == (None, 0.05)
    assert "`lr` is 0.5" in finding.advice.evidence.text


def test_it_is_a_hypothesis_of_why_nothing_was_learned(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (NeverLearned(), LrRange())}
    run = make_run(series=DEAD, config=TEN | {"optimizer": "Adam", "lr": 0.05})
    findings = [f for rule in rules.values() for f in advise(rule, run).findings]
    (diagnosis,) = Diagnoser(rules).diagnose(findings)
    assert [h.rule for h in diagnosis.hypotheses] == ["lr-range", "never-learned"]
    assert sum(h.probability for h in diagnosis.hypotheses) == pytest.approx(1.0)
    assert diagnosis.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("rate", "val", "fires"),
    [
        pytest.param(0.06, turning(60, seed=420, at=0.1), True, id="best at once"),
        pytest.param(0.06, turning(60, seed=421, at=0.5), False, id="best half way"),
        pytest.param(0.06, falling(60, seed=422), False, id="best at the end"),
        pytest.param(0.04, turning(60, seed=423, at=0.1), False, id="four times the usual"),
        pytest.param(2e-6, turning(60, seed=424, at=0.1), False, id="a low rate"),
        pytest.param(0.06, turning(60, seed=420, at=0.1)[::10], False, id="six validations"),
    ],
)
def test_a_rate_five_times_beyond_is_a_suspect_where_validation_turned_at_once(
    advise: Advise, rate: float, val: Floats, fires: bool
) -> None:
    config: dict[str, Value] = {"optimizer": "AdamW", "lr": rate}
    steps = {"val/loss": np.linspace(0, 59, len(val)).astype(int)}
    logged = {"train/loss": LOSS, "val/loss": val}
    run = make_run(series=logged, steps=steps, config=config)
    assert bool(advise(LrRange(), run).findings) is fires
