from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.rule import NotApplicable
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.usual_rates import Rate, is_high, is_usual, momentum_of, rate_of

LOSS = np.linspace(2.0, 1.0, 30)


def _seen(config: dict[str, Value], rate: Floats | None = None) -> RunView:
    logged = {"train/loss": LOSS} | ({} if rate is None else {"lr": rate})
    run = make_run(series=logged, config=config)
    return RunView(Judged(run, understand(run)), ("train/loss", "lr"))


@pytest.mark.parametrize(
    ("config", "rate"),
    [
        ({"optimizer": "Adam", "lr": 0.01}, None),
        ({"optimizer": "SGD", "lr": 1.0}, None),
        ({"optimizer": "Adam", "lr": 0.5}, np.full(30, 1e-3)),
    ],
)
def test_a_rate_up_to_the_highest_that_its_optimizer_usually_has_is_usual(
    config: dict[str, Value], rate: Floats | None
) -> None:
    assert is_usual(_seen(config, rate))


@pytest.mark.parametrize(
    ("config", "rate"),
    [
        ({"optimizer": "Adam", "lr": 0.02}, None),
        ({"optimizer": "SGD", "lr": 2.0}, None),
        ({"lr": 1e-4}, None),
        ({"optimizer": "unheard-of", "lr": 1e-4}, None),
        ({"optimizer": "Adam"}, None),
        ({}, None),
        ({"optimizer": "Adam", "lr": 1e-3}, np.full(30, 0.5)),
    ],
)
def test_higher_rates_and_those_of_unknown_optimizers_are_not_known_to_be_usual(
    config: dict[str, Value], rate: Floats | None
) -> None:
    assert not is_usual(_seen(config, rate))


@pytest.mark.parametrize(
    ("config", "logged", "expected"),
    [
        ({"optimizer": "Adam", "opt.lr": 0.1}, None, Rate(0.1, "opt.lr", "adam")),
        ({"lr": 0.1}, np.linspace(0, 0.2, 30), Rate(0.1, "lr", "")),
        ({"optimizer": "SGD"}, np.linspace(0.2, 0, 30), Rate(0.2, "lr", "sgd")),
    ],
)
def test_the_recorded_rate_goes_before_the_logged_one(
    config: dict[str, Value], logged: Floats | None, expected: Rate
) -> None:
    assert rate_of(_seen(config, logged)) == expected


@pytest.mark.parametrize("config", [{}, {"lr": "auto"}, {"lr": 0.0}])
def test_a_rate_that_nothing_says_is_not_known(config: dict[str, Value]) -> None:
    assert rate_of(_seen(config)) is None
    assert rate_of(_seen(config, np.full(2, 0.1))) is None


def test_a_run_with_two_rates_has_none_to_judge() -> None:
    with pytest.raises(NotApplicable):
        rate_of(_seen({"lr": 0.5}, np.full(30, 1e-3)))


@pytest.mark.parametrize(
    ("momentum", "optimizer", "expected"),
    [(0.9, "sgd", 0.9), (0.999, "sgd", None), (0.0, "sgd", None), (0.9, "adam", None)],
)
def test_a_usual_momentum_of_sgd_lengthens_its_steps(
    momentum: float, optimizer: str, expected: float | None
) -> None:
    assert momentum_of(_seen({"momentum": momentum}), optimizer) == expected


@pytest.mark.parametrize("value", [0.1, 0.01, 3e-4, 1.0])
def test_a_rate_that_an_event_file_holds_is_the_decimal_that_was_written(value: float) -> None:
    rate = rate_of(_seen({}, np.full(30, np.float32(value), float)))
    assert rate is not None
    assert rate.value == value


@pytest.mark.parametrize(
    ("config", "high"),
    [
        ({"optimizer": "AdamW", "lr": 0.01}, True),
        ({"optimizer": "AdamW", "lr": 0.003}, False),
        ({"optimizer": "SGD", "lr": 0.1, "momentum": 0.9}, True),
        ({"optimizer": "SGD", "lr": 0.1}, False),
        ({"lr": 0.01}, True),
        ({"lr": 0.003}, False),
        ({"optimizer": "unheard-of", "lr": 10.0}, False),
        ({}, False),
    ],
)
def test_the_upper_end_of_usual_rates_is_high(config: dict[str, Value], *, high: bool) -> None:
    assert is_high(_seen(config)) is high
