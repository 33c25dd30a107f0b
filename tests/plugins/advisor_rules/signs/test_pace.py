from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import falling, noise
from advisor_rules.signs.pace import began_late, learned_at_once

FALLS = falling(40, seed=520, start=2.0, floor=1.0, rate=12, size=0.005)
STOOD = 2.0 + noise(6, 0.005, 521)


def _late(values: Floats) -> bool:
    run = make_run(val_loss=values)
    return began_late(RunView(Judged(run, understand(run)), ("val/loss",))["val/loss"])


def _at_once(train: Floats, val: Floats) -> bool:
    run = make_run(train_loss=train, val_loss=val)
    view = RunView(Judged(run, understand(run)), ("train/loss", "val/loss"))
    return learned_at_once(view["train/loss"], view["val/loss"])


@pytest.mark.parametrize(
    ("values", "late"),
    [
        pytest.param(np.append(STOOD, FALLS), True, id="stood for six of 46"),
        pytest.param(np.append([2.0, 1.98], FALLS[2::4]), True, id="two of 12"),
        pytest.param(FALLS, False, id="fell at once"),
        pytest.param(np.append(STOOD[:3], FALLS), False, id="three of 43"),
        pytest.param(np.append(STOOD, 0.2 * FALLS + 1.6), False, id="fell by a tenth"),
        pytest.param(2.0 + noise(40, 0.005, 522), False, id="never fell"),
        pytest.param(np.append(STOOD, 4.0 - FALLS), False, id="rose"),
        pytest.param(np.append(STOOD - 1.5, FALLS - 1.5), False, id="may be negative"),
        pytest.param(np.array([2.0]), False, id="one value"),
    ],
)
def test_a_loss_that_stood_before_it_fell_began_late(values: Floats, *, late: bool) -> None:
    assert _late(values) is late


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_scale_of_a_loss_does_not_matter(scale: float) -> None:
    assert _late(scale * np.append(STOOD, FALLS))
    assert not _late(scale * FALLS)


@pytest.mark.parametrize(
    ("pace", "at_once"), [(100.0, True), (40.0, True), (12.0, False), (2.0, False)]
)
def test_what_is_learned_in_the_first_tenth_is_learned_at_once(
    pace: float, *, at_once: bool
) -> None:
    loss = falling(60, seed=523, start=2.0, floor=1.0, rate=pace, size=0.005)
    assert _at_once(loss, loss) is at_once


def test_what_was_learned_before_the_first_validation_counts() -> None:
    train = falling(60, seed=524, start=2.0, floor=1.0, rate=100, size=0.005)
    assert _at_once(train, 1.0 + noise(60, 0.005, 525))
    assert not _at_once(1.0 + noise(60, 0.005, 526), 1.5 - 0.3 * np.linspace(0, 1, 60))
