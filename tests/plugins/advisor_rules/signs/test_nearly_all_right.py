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


NEEDED = ("lr", "train/loss", "train/metric", "val/metric")


def _nearly(accuracy: Floats, other: Floats | None = None, training: Floats | None = None) -> bool:
    logged = {"train/loss": np.exp(-AT), "val/accuracy": accuracy}
    logged |= {} if other is None else {"val/top1_accuracy": other}
    logged |= {} if training is None else {"train/accuracy": training}
    run = make_run(series=logged)
    return nearly_all_right(RunView(Judged(run, understand(run)), NEEDED), 10, 0.1)


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


@pytest.mark.parametrize(
    ("accuracy", "right_from", "nearly"),
    [
        pytest.param(LOW, 0.4, True, id="learned half-way"),
        pytest.param(LOW, 0.9, False, id="learned at last"),
        pytest.param(RISING - 0.3, 0.4, False, id="more and more of validation"),
    ],
)
@pytest.mark.parametrize("whole", [1.0, 100.0])
def test_no_more_is_won_where_all_training_data_are_learned(
    accuracy: Floats, right_from: float, whole: float, *, nearly: bool
) -> None:
    training = whole * np.minimum(0.2 + 0.8 * AT / right_from, 1.0)
    assert _nearly(whole * accuracy, training=training) is nearly
