from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.optimizer.momentum_range import MomentumRange
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=454)
SGD: dict[str, Value] = {"optimizer": "SGD", "lr": 0.1}


@pytest.mark.parametrize(
    ("momentum", "rate", "direction"),
    [
        (0.0, 0.1, "up"),
        ("0.3", 0.1, "up"),
        (0.999, 0.1, "down"),
        (0.99, 0.2, "down"),
        (0.995, 1e-3, "down"),
    ],
)
def test_an_unusual_momentum_is_a_note(
    advise: Advise, momentum: Value, rate: float, direction: str
) -> None:
    config = SGD | {"lr": rate, "optim.momentum": momentum}
    (finding,) = advise(MomentumRange(), make_run(train_loss=LOSS, config=config)).findings
    (change,) = finding.changes
    assert (change.path, change.after, change.direction) == ("optim.momentum", 0.9, direction)


@pytest.mark.parametrize(
    "config",
    [
        SGD | {"momentum": 0.9},
        SGD | {"momentum": 0.5},
        SGD | {"momentum": 0.937, "nesterov": False},
        SGD | {"momentum": 0.99},
        SGD | {"momentum": 0.999, "lr": 1e-3, "num_samples": 2_000_000},
        SGD | {"momentum": 0.9, "lr": 1.0},
        SGD | {"momentum": 0.9, "lr": 30.0},
        {"optimizer": "Adam", "momentum": 0.0},
        {"optimizer": "adamw"},
        {"optimizer": "RMSprop", "momentum": 0.0},
    ],
)
def test_a_usual_momentum_or_another_optimizer_passes(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(MomentumRange(), run).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        SGD,
        {"momentum": 0.0},
        SGD | {"bn.momentum": 0.1},
        SGD | {"warmup_momentum": 0.1},
        SGD | {"a.momentum": 0.0, "b.momentum": 0.9},
    ],
)
def test_what_is_not_recorded_is_not_judged(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(MomentumRange(), run).result == "not-applicable"
