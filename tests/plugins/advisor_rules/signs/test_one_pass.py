from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import falling
from advisor_rules.signs.one_pass import one_pass

LOSS = falling(60, seed=530)


def _once(
    epochs: Floats | Sequence[float] | None, config: dict[str, Value], axis: Axis = Axis.STEP
) -> bool:
    series = {"train/loss": LOSS} | ({} if epochs is None else {"epoch": np.asarray(epochs)})
    run = make_run(series=series, config=config, axis=axis)
    return one_pass(RunView(Judged(run, understand(run)), ("epoch", "train/loss")))


@pytest.mark.parametrize(
    ("epochs", "config"),
    [
        pytest.param(np.linspace(0, 1, 60), {}, id="parts of an epoch"),
        pytest.param(np.linspace(0, 0.4, 60), {"epochs": 3}, id="cut off in the first"),
        pytest.param(np.zeros(60), {}, id="the first in every row"),
        pytest.param(np.ones(60), {}, id="the first in every row, counted from 1"),
        pytest.param(None, {"epochs": 1}, id="recorded"),
        pytest.param(None, {"num_train_epochs": 1.0}, id="recorded as it is elsewhere"),
    ],
)
def test_a_run_within_its_first_epoch_is_one_pass(
    epochs: Floats | None, config: dict[str, Value]
) -> None:
    assert _once(epochs, config)


@pytest.mark.parametrize(
    ("epochs", "config", "axis"),
    [
        pytest.param(np.linspace(0, 3, 60), {}, Axis.STEP, id="parts of three epochs"),
        pytest.param(np.linspace(0, 3, 60), {"epochs": 1}, Axis.STEP, id="more than recorded"),
        pytest.param(np.arange(60) // 30, {}, Axis.STEP, id="two, counted from 0"),
        pytest.param(np.full(60, 7.0), {}, Axis.STEP, id="an eighth one, resumed"),
        pytest.param([0.0], {}, Axis.STEP, id="one row of it"),
        pytest.param(None, {"epochs": 20}, Axis.STEP, id="twenty recorded"),
        pytest.param(None, {"epochs": 1}, Axis.EPOCH, id="one recorded and sixty logged"),
        pytest.param(None, {}, Axis.STEP, id="unknown"),
    ],
)
def test_what_may_have_come_again_is_not_one_pass(
    epochs: Floats | None, config: dict[str, Value], axis: Axis
) -> None:
    assert not _once(epochs, config, axis)
