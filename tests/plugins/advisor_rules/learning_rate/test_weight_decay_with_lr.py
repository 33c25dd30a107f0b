from __future__ import annotations

import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.learning_rate.weight_decay_with_lr import WeightDecayWithLr
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=407)


@pytest.mark.parametrize(
    ("optimizer", "rate", "decay", "after"),
    [
        ("SGD", 0.1, 0.2, 5e-4),
        ("SGD", 1.0, "0.05", 5e-4),
        ("AdamW", 1e-2, 3.0, 0.01),
        ("AdamW", 3e-2, 0.6, 0.01),
        ("Adam", 1e-3, 0.1, 0.01),
        ("RMSprop", 1e-4, 1.0, 0.01),
    ],
)
def test_a_decay_that_drowns_the_gradient_is_a_note(
    advise: Advise, optimizer: str, rate: float, decay: Value, after: float
) -> None:
    config: dict[str, Value] = {"optimizer": optimizer, "lr": rate, "wd": decay}
    (finding,) = advise(WeightDecayWithLr(), make_run(train_loss=LOSS, config=config)).findings
    assert finding.severity is Severity.NOTE
    assert [(c.path, c.after, c.direction) for c in finding.changes] == [("wd", after, "down")]


@pytest.mark.parametrize(
    ("optimizer", "rate", "decay"),
    [
        ("SGD", 0.1, 5e-4),
        ("SGD", 0.1, 0.05),
        ("AdamW", 1e-3, 0.1),
        ("AdamW", 1e-2, 0.1),
        ("AdamW", 1e-5, 1.0),
        ("AdamW", 1e-3, 0),
        ("Adam", 1e-3, 0.05),
        ("Adam", 1e-3, 1e-5),
        ("AdamW", 3e-2, 0.4),
        ("AdamW", 3.0, 0.01),
        ("SGD", 30.0, 1e-3),
    ],
)
def test_a_usual_decay_passes(advise: Advise, optimizer: str, rate: float, decay: float) -> None:
    config: dict[str, Value] = {"optimizer": optimizer, "lr": rate, "wd": decay}
    run = make_run(train_loss=LOSS, config=config)
    assert advise(WeightDecayWithLr(), run).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"lr": 0.1, "weight_decay": 0.5},
        {"optimizer": "SGD", "weight_decay": 0.5},
        {"optimizer": "SGD", "lr": 0.1},
        {"optimizer": "signum", "lr": 0.1, "weight_decay": 0.5},
        {"optimizer": "SGD", "lr": 0.1, "a.weight_decay": 0.5, "b.weight_decay": 0.0},
    ],
)
def test_what_is_not_recorded_is_not_judged(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(WeightDecayWithLr(), run).result == "not-applicable"
