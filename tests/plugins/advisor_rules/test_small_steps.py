from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import noise
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.small_steps import hardly_began

N = 20
AT = np.linspace(0, 1, N)
COSINE = 1e-3 * (1 + np.cos(np.pi * AT)) / 2
SPENT = AT + np.sin(np.pi * AT) / np.pi
LOSS = 1.387 - 0.012 * SPENT**2 + noise(N, 2e-4, 100)
"""A loss of four classes that falls by a hundredth, the faster the longer."""
POOR = 0.25 + 0.05 * AT
CLASSES = {"num_classes": 4}
BENT = 1.387 - 0.012 * (1 - np.exp(-8 * SPENT)) + noise(N, 1e-4, 101)


def _began(
    train: Floats,
    val: Floats,
    *,
    rate: Floats | None = COSINE,
    accuracy: Floats | None = POOR,
    config: Mapping[str, Value] | None = None,
) -> bool:
    logged = {"train/loss": train, "val/loss": val}
    logged |= {} if rate is None else {"lr": rate}
    logged |= {} if accuracy is None else {"val/accuracy": accuracy}
    run = make_run(series=logged, axis=Axis.EPOCH, config=dict(config or CLASSES))
    declared = (*LrTooLow.requires, *LrTooLow.uses)
    view = RunView(Judged(run, understand(run)), declared)
    return hardly_began(view, view["train/loss"], view["val/loss"], 0.5)


@pytest.mark.parametrize(
    ("rate", "accuracy"),
    [
        pytest.param(COSINE, POOR, id="a poor accuracy"),
        pytest.param(COSINE, None, id="a first loss of ln(4)"),
        pytest.param(np.full(N, 1e-3), POOR, id="a rate that is held"),
        pytest.param(None, POOR, id="no rate is logged"),
    ],
)
def test_losses_that_fell_by_a_hundredth_hardly_began(
    rate: Floats | None, accuracy: Floats | None
) -> None:
    loss = LOSS if rate is COSINE else 1.387 - 0.012 * AT**2 + noise(N, 2e-4, 102)
    assert _began(loss, loss + 1e-3, rate=rate, accuracy=accuracy)


SEEN = partial(_began, LOSS, LOSS)
UNSEEN = partial(_began, accuracy=None)


@pytest.mark.parametrize(
    "began",
    [
        pytest.param(partial(_began, LOSS, 1.387 + noise(N, 2e-3, 103)), id="validation is level"),
        pytest.param(partial(_began, LOSS, LOSS + 0.05 * AT), id="validation rises"),
        pytest.param(partial(_began, LOSS - 0.3 * AT, LOSS - 0.3 * AT), id="a fifth is gone"),
        pytest.param(partial(_began, BENT, BENT), id="they came to rest"),
        pytest.param(partial(SEEN, accuracy=0.5 + POOR), id="a good accuracy"),
        pytest.param(partial(UNSEEN, 1 + LOSS, 1 + LOSS), id="ten classes and more"),
        pytest.param(partial(UNSEEN, LOSS - 0.2, LOSS - 0.2), id="better than guessing"),
        pytest.param(partial(SEEN, rate=3e3 * COSINE), id="at a rate of three"),
        pytest.param(partial(SEEN, config={"task_type": "CAUSAL_LM"}), id="a language model"),
        pytest.param(partial(_began, np.append(LOSS[:-1], np.nan), LOSS), id="it became NaN"),
    ],
)
def test_other_losses_did_begin_or_cannot_be_judged(began: Callable[[], bool]) -> None:
    assert not began()
