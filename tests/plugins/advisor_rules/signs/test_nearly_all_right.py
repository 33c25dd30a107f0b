from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.nearly_all_right import nearly_all_right

AT = np.linspace(0, 1, 30)
HIGH, LOW = 0.96 - 0.5 * np.exp(-AT / 0.05), 0.7 - 0.5 * np.exp(-AT / 0.05)
RISING = 0.5 + 0.45 * AT


def _nearly(accuracy: Floats, other: Floats | None = None) -> bool:
    logged = {"train/loss": np.exp(-AT), "val/accuracy": accuracy}
    logged |= {} if other is None else {"val/top1_accuracy": other}
    run = make_run(series=logged)
    view = RunView(Judged(run, understand(run)), ("lr", "train/loss", "val/metric"))
    return nearly_all_right(view, 10, 0.1)


@pytest.mark.parametrize(
    ("accuracy", "nearly"),
    [
        pytest.param(HIGH, True, id="high, and level"),
        pytest.param(LOW, False, id="low"),
        pytest.param(RISING, False, id="still rising"),
        pytest.param(HIGH[:8], False, id="too few"),
    ],
)
def test_a_high_accuracy_that_stands_still_is_nearly_all(accuracy: Floats, *, nearly: bool) -> None:
    assert _nearly(accuracy) is nearly


def test_one_accuracy_is_judged_where_two_are_logged() -> None:
    assert _nearly(LOW[:8], HIGH)
    assert not _nearly(HIGH[:8], LOW)
