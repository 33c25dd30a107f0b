from __future__ import annotations

import numpy as np
import pytest

from advisor.formats.trainer import callback_notes, loss_notes
from advisor.notes import NoteKind
from advisor.run import ConfigValue, Series

LOSS = np.exp(-np.arange(30) / 10) + np.sin(np.arange(30)) / 7


def made(tag: str = "train/loss", gap: int = 1, values: np.ndarray = LOSS) -> dict[str, Series]:
    return {tag: Series(tag, np.arange(len(values)) * gap, values)}


def config(**settings: bool | float | str) -> dict[str, ConfigValue]:
    return {name: ConfigValue(value=value, origin="config") for name, value in settings.items()}


@pytest.mark.parametrize("tag", ["loss", "train/loss"])
def test_settings_of_the_trainer_show_what_it_did_to_the_loss(tag: str) -> None:
    found = list(callback_notes(made(tag), config(logging_nan_inf_filter=True, logging_steps=10)))
    assert [(each.kind, each.series) for each in found] == [
        (NoteKind.AVERAGED, (tag,)),
        (NoteKind.FILTERED, (tag,)),
    ]
    assert found[0].params == {"window": 10}


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="no settings"),
        pytest.param({"logging_steps": 10}, id="another program's setting of that name"),
        pytest.param({"logging_nan_inf_filter": False}, id="the filter is off"),
        pytest.param({"logging_nan_inf_filter": False, "logging_steps": 1}, id="every step"),
        pytest.param({"logging_nan_inf_filter": False, "logging_steps": 0.1}, id="a share"),
        pytest.param(
            {"logging_nan_inf_filter": False, "logging_steps": 500, "logging_strategy": "epoch"},
            id="each epoch",
        ),
    ],
)
def test_other_settings_show_nothing(settings: dict[str, bool | int | float | str]) -> None:
    assert list(callback_notes(made(), config(**settings))) == []


def test_a_loss_that_holds_nan_was_not_filtered() -> None:
    values = np.append(LOSS, np.nan)
    assert list(loss_notes(made(values=values), {})) == []


def test_other_series_are_left_alone() -> None:
    assert list(callback_notes(made("eval/loss", 10), config(logging_nan_inf_filter=True))) == []


def test_four_decimals_throughout_are_noted() -> None:
    found = list(loss_notes(made(values=LOSS.round(4)), {"logging_nan_inf_filter": False}))
    assert [(each.kind, each.params) for each in found] == [(NoteKind.ROUNDED, {"digits": 4})]


def test_four_decimals_are_noted_where_they_were_stored_in_half_the_bits() -> None:
    values = LOSS.round(4).astype(np.float32).astype(np.float64)
    found = list(loss_notes(made(values=values), {"logging_nan_inf_filter": False}))
    assert [(each.kind, each.params) for each in found] == [(NoteKind.ROUNDED, {"digits": 4})]


@pytest.mark.parametrize("scale", [1, 1e4])
def test_half_the_bits_alone_are_no_rounding(scale: float) -> None:
    values = (LOSS * scale).astype(np.float32).astype(np.float64)
    assert list(loss_notes(made(values=values), {"logging_nan_inf_filter": False})) == []
