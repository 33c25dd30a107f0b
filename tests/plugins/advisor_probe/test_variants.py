"""Which settings are varied, and to what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_probe.variants import SLOTS, variants


def tried(settings: dict[str, Any]) -> dict[str, Any]:
    return {variant.slot: variant.after for variant in variants(settings)}


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"width": 64}, {"narrower": 32, "wider": 128}),
        ({"hidden_size": 64}, {"narrower": 32, "wider": 128}),
        ({"model": {"hidden_dim": 1}}, {"wider": 2}),
        ({"hidden_sizes": [64, 32]}, {"narrower": (32, 16), "wider": (128, 64)}),
        ({"num_layers": 3}, {"shallower": 1, "deeper": 6}),
        ({"dropout": 0.5}, {"weaker": 0.0, "stronger": 0.9}),
        ({"dropout": 0.0}, {"stronger": 0.2}),
        ({"weight_decay": 0.01}, {"weaker": 0.0, "stronger": 0.02}),
        ({"pretrained": False}, {"pretrained": True}),
        ({"heads": 4}, {"other-1": 2, "other-2": 8}),
        ({"residual": True}, {"other-1": False}),
    ],
)
def test_a_setting_is_halved_and_doubled_or_switched(
    settings: dict[str, Any], wanted: dict[str, Any]
) -> None:
    assert tried(settings) == wanted


@pytest.mark.parametrize(
    "settings",
    [
        {"lr": 0.1, "batch_size": 32, "optimizer": "sgd", "epochs": 5},
        {"seed": 3, "data_seed": 4},
        {"num_classes": 10, "label_smoothing": 0.1},
        {"pretrained": True},
        {"data": "train.csv", "norm": None, "threshold": 0, "offset": -1.5},
        {"hidden_size": "large"},
        {},
    ],
)
def test_what_the_task_gives_or_another_probe_varies_is_left_alone(
    settings: dict[str, Any],
) -> None:
    assert tried(settings) == {}


def test_of_each_kind_only_the_first_setting_is_varied() -> None:
    many = {"hidden_size": 8, "d_model": 16, "dropout": 0.1, "weight_decay": 0.1, "a": 2, "b": 3}
    assert [v.path for v in variants(many)] == [
        "hidden_size", "hidden_size", "dropout", "dropout", "a", "a",
    ]  # fmt: skip


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
_NAMES = st.sampled_from(["hidden_size", "num_layers", "dropout", "wd", "pretrained", "x", "a.b"])


@given(st.dictionaries(_NAMES, st.one_of(_VALUES, st.lists(_VALUES, max_size=3))))
def test_whatever_the_settings_hold_each_slot_is_used_once_for_another_value(
    settings: dict[str, Any],
) -> None:
    found = list(variants(settings))
    assert len({variant.slot for variant in found}) == len(found) <= len(SLOTS)
    assert all(variant.slot in SLOTS and variant.after != variant.before for variant in found)
