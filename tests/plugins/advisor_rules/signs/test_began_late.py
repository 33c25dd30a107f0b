from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import falling, noise
from advisor_rules.signs.began_late import began_late

FALLS = falling(40, seed=520, start=2.0, floor=1.0, rate=12, size=0.005)
STOOD = 2.0 + noise(6, 0.005, 521)


def _late(values: Floats) -> bool:
    run = make_run(val_loss=values)
    return began_late(RunView(Judged(run, understand(run)), ("val/loss",))["val/loss"])


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
