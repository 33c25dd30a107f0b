from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.formats.segments import repeats
from advisor.run import Series


def series(steps: list[int], values: list[float], segments: list[int] | None = None) -> Series:
    numbers = None if segments is None else np.array(segments, dtype=np.int32)
    return Series("loss", np.array(steps), np.array(values), segments=numbers)


@pytest.mark.parametrize(
    ("steps", "values", "segments"),
    [
        pytest.param([], [], None, id="nothing"),
        pytest.param([1, 2, 5], [1, 1, 1], None, id="steps rise"),
        pytest.param([1, 1], [2, 2], None, id="the same value again"),
        pytest.param([1, 1], [math.nan, math.nan], None, id="the same NaN again"),
        pytest.param([1, 2, 1, 2], [4, 3, 2, 1], [0, 0, 1, 1], id="another writer"),
    ],
)
def test_a_step_is_not_repeated(
    steps: list[int], values: list[float], segments: list[int] | None
) -> None:
    assert repeats(series(steps, values, segments)) == 0


def test_every_other_value_at_a_step_of_one_writer_counts() -> None:
    assert repeats(series([1, 1, 1, 2], [1, 2, 3, 4])) == 2
    assert repeats(series([1, 1, 1, 1], [1, 2, 3, 4], [0, 0, 1, 1])) == 2
