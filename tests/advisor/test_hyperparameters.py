from __future__ import annotations

import pytest

from advisor.hyperparameters import Hyperparameters, as_flag, as_number, as_numbers, canonical
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


def test_spellings_of_one_optimizer_agree() -> None:
    settings = _of(optimizer__class_name="Adam", optimizer__config__name="adam", opt="ADAM")
    assert settings.choice("optimizer") == "adam"


def test_two_optimizers_are_none() -> None:
    assert _of(actor__optimizer="adam", critic__optimizer="sgd").choice("optimizer") is None


def test_groups_with_rates_of_their_own_are_none() -> None:
    groups: dict[str, Value] = {"optimizer__param_groups__0__lr": 0.1}
    assert _of(**groups).number("learning_rate") == 0.1
    groups["optimizer__param_groups__1__lr"] = 0.01
    assert _of(**groups).number("learning_rate") is None


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ((64, 32), (64, 32)),
        ("[64, 32]", (64, 32)),
        ("64,32", (64, 32)),
        (64, (64,)),
        ("wide", ()),
        ((64, "wide"), ()),
        (True, ()),
        ("", ()),
    ],
)
def test_sizes_are_read_from_lists_and_text(value: Value, numbers: tuple[float, ...]) -> None:
    assert as_numbers(value) == numbers


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), ("False", False), ("yes", True), (0, False), (1.5, None), ("maybe", None)],
)
def test_a_switch_is_read_from_text_and_numbers(value: Value, flag: bool | None) -> None:
    assert as_flag(value) is flag
