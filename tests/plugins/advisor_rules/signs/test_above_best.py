from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.above_best import above_best, stands_out

USED = ("train/loss", "val/loss", "val/metric", "objective")
X = np.linspace(0.0, 1.0, 60)
RISING = np.where(X < 0.3, 4.0 - 3.0 * X / 0.3, 1.0 + 3.0 * (X - 0.3))
"""A training loss that falls for a third of the run and rises to the end, by twice its best."""


def _counts(train: Floats, val: Floats) -> bool:
    scatter = np.random.default_rng(3).normal(0.0, 0.02, len(X))
    run = make_run(series={"train/loss": train + scatter, "val/loss": val + scatter[::-1]})
    seen = RunView(Judged(run, understand(run)), USED)
    above = above_best(seen["train/loss"].trend, 0.2)
    assert above is not None
    return stands_out(seen, seen["train/loss"], above)


def test_training_that_rises_while_validation_falls_to_its_best_was_made_harder() -> None:
    assert not _counts(RISING, 4.0 - 3.0 * X)


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(RISING, RISING, id="validation rises, too"),
        pytest.param(RISING, np.full(60, 2.0), id="validation stands still"),
        pytest.param(RISING, np.maximum(4.0 - 10.0 * X, 1.0), id="validation was best long ago"),
        pytest.param(
            np.where(X < 0.8, RISING, 2.5 - 6.0 * (X - 0.8)), 4.0 - 3.0 * X, id="and falls again"
        ),
    ],
)
def test_a_rise_that_harder_data_do_not_explain_counts(train: Floats, val: Floats) -> None:
    assert _counts(train, val)
