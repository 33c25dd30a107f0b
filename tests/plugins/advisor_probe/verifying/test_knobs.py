"""Which setting of a target a change means, and which changes mean none."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.finding import Change
from advisor.model import Value
from advisor_probe.settings import flat
from advisor_probe.verifying.knobs import Described, Knob, Unfit, knob_for, turned, value_for


def change(parameter: str, to: Value = 0.5, **more: Any) -> Change:
    return Change.model_validate({"parameter": parameter, "to": to, "direction": "set", **more})


def described(settings: dict[str, Any] | None = None, **optimizer: Value) -> Described:
    held = dict(flat(settings or {}))
    return Described(settings=held, optimizer=optimizer, batch=16, held=64)


@pytest.mark.parametrize(
    ("parameter", "settings", "path"),
    [
        ("learning_rate", {"lr": 0.1}, "lr"),
        ("learning_rate", {"optim": {"base_lr": 0.1}}, "optim.base_lr"),
        ("batch_size", {"train_batch_size": 16, "lr": 0.1}, "train_batch_size"),
        ("dropout", {"model": {"p_dropout": 0.1}}, "model.p_dropout"),
        ("optimizer", {"optimizer": {"type": "sgd"}}, "optimizer.type"),
    ],
)
def test_settings_are_found_by_their_usual_names(
    parameter: str, settings: dict[str, Any], path: str
) -> None:
    knob = knob_for(change(parameter), described(settings))
    assert (knob.where, knob.path) == ("settings", path)


def test_the_runs_own_name_goes_before_other_names() -> None:
    settings = {"lr": 0.1, "head": {"lr": 0.2}}
    assert knob_for(change("learning_rate", path="head.lr"), described(settings)).path == "head.lr"


def test_an_option_of_the_optimizer_serves_where_the_settings_name_none() -> None:
    assert knob_for(change("learning_rate"), described(lr=0.1)) == Knob("optimizer", "lr", 0.1)
    both = described({"learning_rate": 0.3}, lr=0.3)
    assert knob_for(change("learning_rate"), both).where == "settings"


@pytest.mark.parametrize("settings", [{}, {"momentum": 0.9}, {"bn": {"momentum": 0.1}, "seed": 1}])
def test_a_change_without_a_setting_is_said_to_have_none(settings: dict[str, Any]) -> None:
    with pytest.raises(Unfit, match="no setting for `dropout`"):
        knob_for(change("dropout"), described(settings))


def test_several_settings_of_one_meaning_are_not_guessed_between() -> None:
    with pytest.raises(Unfit, match=r"`lr`, `head\.lr`"):
        knob_for(change("learning_rate"), described({"lr": 0.1, "head": {"lr": 0.2}}))


@pytest.mark.parametrize("parameter", ["loss_function", "output_activation"])
def test_what_changes_the_loss_itself_is_refused(parameter: str) -> None:
    with pytest.raises(Unfit, match="what the loss measures"):
        knob_for(change(parameter, "mse"), described({parameter: "cross_entropy"}))


@pytest.mark.parametrize(
    ("held", "wanted", "value"),
    [
        (0.1, 0.01, 0.01),
        (64, 128.0, 128),
        (0, 0.1, 0.1),
        (0.1, "3e-4", 3e-4),
        (True, "off", False),
        ("relu", "gelu", "gelu"),
        (None, 5, 5),
        ((0.9, 0.999), (0.9, 0.98), (0.9, 0.98)),
    ],
)
def test_a_value_becomes_of_the_kind_that_stands_there(
    held: Value, wanted: Value, value: Value
) -> None:
    found = value_for(change("anything", wanted), Knob("settings", "x", held))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (0.1, "a tenth of the rate from epoch 20 on"),
        (64, "larger"),
        (True, "sometimes"),
        ("cosine", "the same, ending at epoch 90"),
        ((0.9, 0.999), 0.5),
        ("relu", 3),
    ],
)
def test_a_description_is_no_value(held: Value, wanted: Value) -> None:
    with pytest.raises(Unfit, match="names no value"):
        value_for(change("anything", wanted), Knob("settings", "x", held))


@pytest.mark.parametrize(("held", "wanted"), [(0.1, 0.1), (64, 64.0), (True, "yes")])
def test_what_is_set_so_already_is_not_tried(held: Value, wanted: Value) -> None:
    with pytest.raises(Unfit, match="set so already"):
        turned([change("x", wanted)], described({"x": held}))


def test_an_optimizer_in_another_spelling_is_set_so_already() -> None:
    with pytest.raises(Unfit, match="set so already"):
        turned([change("optimizer", "adam")], described({"optimizer": "torch.optim.Adam"}))


def test_changes_are_made_together_without_what_is_set_so_already() -> None:
    target = described({"lr": 0.1, "dropout": 0.2}, weight_decay=0.0)
    changes = [change("learning_rate", 0.01), change("dropout", 0.2), change("weight_decay", 0.1)]
    found = [(t.knob.where, t.knob.path, t.value) for t in turned(changes, target)]
    assert found == [("settings", "lr", 0.01), ("optimizer", "weight_decay", 0.1)]


def test_changes_that_go_together_are_not_tried_where_one_cannot() -> None:
    with pytest.raises(Unfit, match="no setting for `momentum`"):
        turned([change("learning_rate", 0.01), change("momentum")], described({"lr": 0.1}))
