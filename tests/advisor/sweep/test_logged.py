from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from advisor.run import Run
from advisor.sweep.table import sweep_of
from advisor.testing import make_run, make_study

Rates = npt.NDArray[np.float64]


def design(*runs: Run) -> str:
    made = sweep_of(make_study(*runs))
    assert made is not None
    return made.design.text


def run(place: int, rate: Rates | None = None, points: int = 40) -> Run:
    """Make a run without settings, of another accuracy for each place."""
    x = np.linspace(0.0, 1.0, points)
    return make_run(
        name=f"r{place}",
        series={} if rate is None else {"lr": rate},
        val_accuracy=(0.5 + 0.1 * place) * (1.0 - 0.5 * np.exp(-8 * x)),
        train_loss=0.2 + 2.0 * np.exp(-5 * x),
    )


def dropped(at: int, peak: float = 0.1, points: int = 40) -> Rates:
    """Return a rate that falls to a tenth at a step."""
    return np.where(np.arange(points) < at, peak, peak / 10)


def test_a_rate_that_drops_elsewhere_is_a_difference_that_was_logged() -> None:
    said = design(run(0, dropped(20)), run(1, dropped(20)), run(2, dropped(4)))
    assert said == "No recorded setting differs, but the logged learning rates do."


def test_another_peak_is_a_difference() -> None:
    said = design(run(0, dropped(20)), run(1, dropped(20, 0.03)), run(2))
    assert "the logged learning rates do" in said


def test_other_lengths_are_a_difference() -> None:
    said = design(run(0), run(1), run(2, points=30))
    assert said == "No recorded setting differs, but the lengths of the runs do."


def test_both_are_said_in_one_sentence() -> None:
    said = design(run(0, dropped(20)), run(1, dropped(4)), run(2, dropped(20, points=30), 30))
    assert "the logged learning rates and the lengths of the runs do" in said


@pytest.mark.parametrize("rate", [None, dropped(20), np.zeros(40), np.full(40, np.nan)])
def test_equal_logs_say_nothing_of_what_told_them_apart(rate: Rates | None) -> None:
    assert "was not logged" in design(*(run(place, rate) for place in range(3)))


def test_rounding_of_a_rate_is_no_difference() -> None:
    rounded = dropped(20).astype(np.float32).astype(float)
    assert "was not logged" in design(run(0, dropped(20)), run(1, rounded), run(2, rounded))


def test_a_rate_with_gaps_is_not_compared() -> None:
    gaps = np.where(np.arange(40) < 3, np.nan, 0.5)
    assert "was not logged" in design(run(0, dropped(20)), run(1, gaps), run(2, dropped(20)))
