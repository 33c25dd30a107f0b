"""What trainings reached, and how low they may yet get."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_probe.verifying.reached import MOST, Reached, checkpoints, projected, reached


def curve(loss: float, pace: float, steps: int = 400) -> list[float]:
    """Return a power law at the checkpoints of a training, after the loss of the untrained."""
    return [1e6 * loss, *(loss * (at / steps) ** -pace for at in checkpoints(steps))]


@given(st.integers(1, 10**7))
def test_checkpoints_end_with_the_training_and_hold_its_half_and_quarter(steps: int) -> None:
    found = checkpoints(steps)
    assert found[-1] == steps
    assert found[0] >= 1
    assert list(found) == sorted(set(found))
    assert {math.ceil(steps / 2), math.ceil(steps / 4)} <= set(found)
    assert len(found) <= 9


def test_the_lowest_loss_counts_and_not_the_last_one() -> None:
    overfitted = [2.0, 1.5, 1.0, 0.6, 0.5, 0.7, 0.8, 0.9, 1.1, 1.3]
    found = reached([overfitted, overfitted], 400)
    assert found.best.tolist() == [0.5, 0.5]
    assert found.end.tolist() == [1.3, 1.3]


def test_a_training_that_diverges_keeps_what_it_had_or_the_untrained_model() -> None:
    late = [2.0, 1.5, 1.0, *[math.nan] * 7]
    at_once = [2.0, 90.0, *[math.inf] * 8]
    never = [math.nan] * 10
    found = reached([late, at_once, never], 400)
    assert found.best.tolist() == [1.0, 2.0, MOST]
    assert found.end.tolist() == [MOST] * 3


@pytest.mark.parametrize("pace", [0.0, 0.1, 0.5, 2.0])
@pytest.mark.parametrize("longer", [1.0, 2.0, 10.0, 700.0])
def test_a_power_law_is_followed(pace: float, longer: float) -> None:
    found = reached([curve(0.3, pace), curve(0.2, pace)], 400)
    wanted = np.array([0.3, 0.2]) * longer**-pace
    np.testing.assert_allclose(projected(found, longer), wanted, rtol=1e-6)


def test_one_that_has_only_begun_goes_on_to_gather_pace() -> None:
    losses = [2.0, *(2.0 - 0.3 * (at / 400) ** 1.5 for at in checkpoints(400))]
    found = reached([losses] * 3, 400)
    steady = found.best * (found.best / found.half) ** math.log2(10)
    assert (projected(found, 10.0) < 0.5 * steady).all()


def test_losses_below_zero_fall_by_amounts() -> None:
    one = np.array([-1.0])
    side = Reached(best=one, half=one + 0.5, quarter=one + 1.0, end=one)
    assert projected(side, 4.0) == pytest.approx(-2.0)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3),
    st.floats(1.0, 1e6),
)
def test_nothing_is_projected_above_what_was_reached(losses: list[float], longer: float) -> None:
    best, half, quarter = (np.array([loss]) for loss in sorted(losses))
    found = projected(Reached(best, half, quarter, best), longer)
    assert not np.isnan(found).any()
    # What is taken for the smallest number above zero may be added.
    assert (found <= best + 1e-9 * abs(best) + 1e-300).all()
