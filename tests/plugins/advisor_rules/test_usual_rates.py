from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.usual_rates import above_usual

LOSS = np.linspace(2.0, 1.0, 30)


def _above(config: dict[str, Value], rate: Floats | None = None) -> bool:
    logged = {"train/loss": LOSS} | ({} if rate is None else {"lr": rate})
    run = make_run(series=logged, config=config)
    return above_usual(RunView(Judged(run, understand(run)), ("train/loss", "lr")))


@pytest.mark.parametrize(
    ("config", "rate"),
    [
        ({"optimizer": "Adam", "lr": 0.02}, None),
        ({"optimizer": "SGD", "lr": 2.0}, None),
        ({"lr": 2.0}, None),
        ({"optimizer": "unheard-of", "lr": 2.0}, None),
        ({"optimizer": "Adam", "lr": 1e-3}, np.full(30, 0.5)),
    ],
)
def test_a_rate_above_the_highest_usual_one_is_seen(
    config: dict[str, Value], rate: Floats | None
) -> None:
    assert _above(config, rate)


@pytest.mark.parametrize(
    ("config", "rate"),
    [
        ({"optimizer": "Adam", "lr": 0.01}, None),
        ({"optimizer": "SGD", "lr": 1.0}, None),
        ({"optimizer": "Adam"}, None),
        ({}, None),
        ({"lr": 0.5}, None),
        ({"optimizer": "Adam", "lr": 0.5}, np.full(30, 1e-3)),
    ],
)
def test_other_rates_are_not_above(config: dict[str, Value], rate: Floats | None) -> None:
    assert not _above(config, rate)
