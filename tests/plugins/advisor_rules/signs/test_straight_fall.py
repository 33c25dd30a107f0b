from __future__ import annotations

import numpy as np
import pytest

from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import noise
from advisor_rules.signs.straight_fall import Line

X = np.linspace(0, 1, 300)
LINE = 2.0 - 0.25 * X + noise(300, 0.003, 6)
EVERY = slice(29, None, 30)
"""The steps at which ten validations are done."""


@pytest.mark.parametrize(("first", "follows"), [(0.0, True), (0.05, True), (0.4, False)])
def test_what_was_learned_before_the_first_validation_counts(
    first: float, *, follows: bool
) -> None:
    train = LINE + first * np.exp(-X / 0.03) + noise(300, 0.1, 7)
    steps = {"val/loss": np.arange(300)[EVERY]}
    run = make_run(train_loss=train, val_loss=LINE[EVERY], steps=steps)
    view = RunView(Judged(run, understand(run)), ("train/loss", "val/loss"))
    curves = (view["val/loss"], view["train/loss"])
    line = Line(late=(0.14, 0.6), straightness=0.9, perfect=0.97, left=0.5)
    assert line.followed(curves, [curve.trend for curve in curves]) is follows
