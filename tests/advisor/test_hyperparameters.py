from __future__ import annotations

import pytest

from advisor.hyperparameters import Hyperparameters, as_number, canonical
from advisor.model import Value
from advisor.run import ConfigValue


def _of(**config: Value) -> Hyperparameters:
    return Hyperparameters(
        {
            path.replace("__", "."): ConfigValue(value=value, origin="x")
            for path, value in config.items()
        }
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("lr", "learning_rate"),
        ("optimizer.lr", "learning_rate"),
        ("--learning-rate", "learning_rate"),
        ("learningRate", "learning_rate"),
        ("trainer/max_epochs", "epochs"),
        ("BatchSize", "batch_size"),
        ("weight decay", "weight_decay"),
        ("lr_of_the_night", None),
        ("clr", None),
        ("", None),
    ],
)
def test_a_path_is_known_by_its_last_part(path: str, name: str | None) -> None:
    assert canonical(path) == name


def test_of_several_with_one_value_the_shortest_path_stands() -> None:
    found = _of(model__optimizer__lr="1e-1", lr=0.1).get("learning_rate")
    assert found is not None
    assert (found.path, found.value) == ("lr", 0.1)


def test_several_that_disagree_are_none() -> None:
    settings = _of(lr=0.1, optimizer__lr=0.2)
    assert settings.get("learning_rate") is None
    assert settings.number("learning_rate") is None
    assert settings.path("learning_rate") is None


def test_what_the_log_has_as_none_is_not_there() -> None:
    assert _of(lr=None, optimizer__lr=0.2).number("learning_rate") == 0.2


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3.0),
        ("1e-4", 1e-4),
        (True, None),
        ("adam", None),
        (None, None),
        ((1, 2), None),
        ("nan", None),
        (float("inf"), None),
        (10**400, None),
    ],
)
def test_only_what_is_or_spells_a_finite_number_is_one(value: Value, number: float | None) -> None:
    assert as_number(value) == number
