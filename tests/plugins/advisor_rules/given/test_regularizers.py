"""Which regularizers a config has: on, off, or not mentioned."""

from __future__ import annotations

import pytest

from advisor.hyperparameters import Hyperparameters
from advisor.model import Value
from advisor.run import ConfigValue
from advisor_rules.comparing import regularizes
from advisor_rules.given.regularizers import augments, told_harder


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("augment", True),
        ("data.augmentation", "randaug"),
        ("mixup", 0.2),
        ("cutmix_alpha", "1.0"),
        ("train.rand_aug", (9, 0.5)),
    ],
)
def test_an_augmentation_that_is_named_is_on(path: str, value: Value) -> None:
    assert augments(Hyperparameters({path: ConfigValue(value=value, origin="by hand")}))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("augment", False),
        ("data.augmentation", "None"),
        ("data.augmentation", " "),
        ("data.augmentation", ()),
        ("mixup", 0),
        ("mixup", "0.0"),
        ("mixup", -1),
        ("august", True),
    ],
)
def test_one_that_is_turned_off_is_not(path: str, value: Value) -> None:
    assert not augments(Hyperparameters({path: ConfigValue(value=value, origin="by hand")}))


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("model.dropout", True),
        ("weight_decay", True),
        ("cutmix_alpha", True),
        ("augment", True),
        ("learning_rate", False),
        ("batch_size", False),
    ],
)
def test_a_setting_that_regularizes_is_known_by_its_name(name: str, does: bool) -> None:
    assert regularizes(name) is does


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("label_smoothing", 0.1, True),
        ("model.stochastic_depth", 0.2, True),
        ("layerdrop", 0.1, True),
        ("mixup_alpha", 0.4, True),
        ("label_smoothing", 0.0, False),
        ("drop_path", 0, False),
        ("dropout", 0.5, False),
    ],
)
def test_what_training_alone_is_scored_by_is_told(path: str, value: Value, *, told: bool) -> None:
    assert told_harder(Hyperparameters({path: ConfigValue(value=value, origin="by hand")})) is told
