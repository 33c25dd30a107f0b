from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import noise
from advisor_rules.program.never_learned import NeverLearned
from tests.plugins.advisor_rules.conftest import Advise

N = 60
TEN: dict[str, Value] = {"num_classes": 10}
DEAD = math.log(10) + noise(N, 0.004, 310)
CHANCE = 0.1 + noise(N, 0.004, 311)
BROKEN = np.where(np.arange(N) < 20, DEAD, np.nan)
SKIPPED = np.where(np.arange(N) == 20, np.inf, DEAD)


@pytest.mark.parametrize("name", ["train/loss", "val/loss"])
def test_what_stands_after_a_nan_is_not_judged(advise: Advise, name: str) -> None:
    series = {"train/loss": DEAD, "val/accuracy": CHANCE} | {name: BROKEN}
    outcome = advise(NeverLearned(), make_run(series=series, config=TEN))
    assert outcome.result == "not-applicable"
    assert outcome.reason is not None
    assert outcome.reason.text.startswith(f"`{name}` ended as NaN")


def test_a_value_that_came_back_is_no_end(advise: Advise) -> None:
    run = make_run(train_loss=SKIPPED, val_accuracy=CHANCE, config=TEN)
    assert advise(NeverLearned(), run).findings


@pytest.mark.parametrize(
    ("rate", "judged"),
    [
        pytest.param(np.where(np.arange(N) < 6, 0.01, 1e-5), False, id="gone after a tenth"),
        pytest.param(np.where(np.arange(N) < 20, 0.01, 1e-5), True, id="lowered as nothing moved"),
        pytest.param(np.linspace(0.01, 0.0, N), True, id="down to the end"),
        pytest.param(np.full(N, 0.01), True, id="constant"),
    ],
)
def test_a_rate_that_vanished_at_once_lets_nothing_move(
    advise: Advise, rate: Floats, judged: bool
) -> None:
    run = make_run(train_loss=DEAD, val_accuracy=CHANCE, lr=rate, config=TEN)
    assert bool(advise(NeverLearned(), run).findings) is judged
