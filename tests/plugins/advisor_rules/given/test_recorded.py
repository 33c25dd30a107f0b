from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.curve import Curve
from advisor.hyperparameters import Hyperparameters
from advisor.model import Value
from advisor.roles import Kind, Role, Split
from advisor.run import ConfigValue, Series
from advisor_rules.given.recorded import (
    Recorded,
    best_saving,
    early_stopping,
    ended_by_patience,
    is_rich,
    patience,
)
from advisor_rules.given.regularizers import drops, lacking

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.tuples(st.text())
)
WORDS = st.sampled_from(
    ["early", "stopping", "Patience", "save", "best", "top_k", "lr", "optimizer", "drop", "out",
     ".", "_", "-", "/", "wd", "epochs"]
)  # fmt: skip


def settings(config: dict[str, Value]) -> Hyperparameters:
    return Hyperparameters(
        {path: ConfigValue(value=value, origin="by hand") for path, value in config.items()}
    )


@pytest.mark.parametrize(
    ("config", "state", "path"),
    [
        ({"patience": 5}, Recorded.ON, "patience"),
        ({"patience": 5, "epochs": 5}, Recorded.OFF, "patience"),
        ({"EarlyStopping.patience": 5}, Recorded.ON, "EarlyStopping.patience"),
        ({"early_stopping": "off"}, Recorded.OFF, "early_stopping"),
        ({"early-stopping": True, "early-stopping-delta": 0}, Recorded.ON, "early-stopping"),
        ({"early_stopping": False, "early_stopping_patience": 5}, Recorded.OFF, "early_stopping"),
        ({"callbacks": ("EarlyStopping",)}, Recorded.ON, "callbacks"),
        ({"reduce_on_plateau.patience": 5}, Recorded.UNKNOWN, None),
        ({"lr_patience": 5}, Recorded.UNKNOWN, None),
        ({}, Recorded.UNKNOWN, None),
    ],
)
def test_early_stopping_is_read_from_what_frameworks_record(
    config: dict[str, Value], state: Recorded, path: str | None
) -> None:
    assert early_stopping(settings(config)) == (state, path)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"patience": 5}, ("patience", 5)),
        ({"early_stopping_patience": "3"}, ("early_stopping_patience", 3)),
        ({"patience": 0}, None),
        ({"scheduler.patience": 5}, None),
        ({"lr_patience": 5}, None),
    ],
)
def test_the_patience_of_the_run_is_told_from_that_of_a_schedule(
    config: dict[str, Value], expected: tuple[str, float] | None
) -> None:
    assert patience(settings(config)) == expected


@pytest.mark.parametrize(
    ("config", "since", "ended"),
    [
        ({"patience": 5}, 5, True),
        ({"patience": 5}, 4, True),
        ({"patience": 5}, 9, False),
        ({"patience": 50}, 9, False),
        ({"scheduler.patience": 9}, 9, False),
        ({}, 5, False),
    ],
)
def test_a_run_ended_by_its_patience_is_told_by_its_best_single_value(
    config: dict[str, Value], since: int, *, ended: bool
) -> None:
    values = np.concatenate([np.linspace(2.0, 1.0, 20), np.full(since, 1.1)])
    role = Role(series="val/loss", kind=Kind.LOSS, split=Split.VALIDATION)
    curve = Curve(Series("val/loss", np.arange(len(values)), values), role)
    assert ended_by_patience(settings(config), curve) is ended


def test_a_config_is_rich_only_with_rate_and_length() -> None:
    many: dict[str, Value] = {f"option_{i}": i for i in range(20)}
    assert not is_rich(settings(many))
    assert not is_rich(settings(many | {"lr": 0.1}))
    assert is_rich(settings(many | {"lr": 0.1, "max_steps": 100}))
    assert not is_rich(settings({"lr": 0.1, "max_steps": 100}))


def test_what_a_rich_config_does_not_name_is_absent() -> None:
    whole: dict[str, Value] = {f"option_{i}": i for i in range(20)}
    whole |= {"lr": 0.1, "epochs": 9}
    assert early_stopping(settings(whole)).state is Recorded.ABSENT
    assert best_saving(settings(whole)).state is Recorded.ABSENT


@given(st.dictionaries(st.lists(WORDS, max_size=6).map("".join) | st.text(), VALUES, max_size=8))
def test_no_config_whatsoever_raises(config: dict[str, Value]) -> None:
    found = settings(config)
    for said in (early_stopping(found), best_saving(found)):
        assert said.path is None or said.path in config
    patience(found), lacking(found), drops(found)
