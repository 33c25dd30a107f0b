from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.run import Axis, Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import falling
from advisor_rules.signs.seen_batch import seen_batch, seen_epoch

RISE = 0.9 - 0.4 * np.exp(-np.linspace(0, 3, 8))
"""An accuracy of eight epochs."""


def _view(run: Run) -> RunView:
    declared = ("train/loss", "train/metric", "val/loss", "val/metric")
    return RunView(Judged(run, understand(run)), declared)


def _epochs(
    samples: int, updates: int, *, whole: float = 1.0, first: int = 0, axis: Axis = Axis.STEP
) -> RunView:
    """Return a run of eight epochs whose accuracies are shares of so many samples."""
    at = updates * np.arange(1, len(RISE) + 1) - 1 + first
    logged = {"train/loss": falling(len(at), seed=5), "train/accuracy": _shares(samples) * whole}
    return _view(make_run(series=logged, steps=dict.fromkeys(logged, at), axis=axis))


def _shares(samples: int) -> npt.NDArray[np.float32]:
    return (np.round(RISE * samples) / samples).astype(np.float32)


def _steps(size: int, every: int) -> RunView:
    """Return a run of 400 single batches, validated after every so many."""
    rng = np.random.default_rng(7)
    right = rng.binomial(size, 0.6, 400) / size
    at = every * np.arange(1, 400 // every + 1) - 1
    return _view(
        make_run(
            train_loss=falling(400, seed=6),
            train_accuracy=right,
            val_loss=falling(len(at), seed=8),
            steps={"val/loss": at},
        )
    )


@given(st.integers(101, 2000), st.integers(1, 2), st.sampled_from([1.0, 100.0]))
def test_accuracies_of_epochs_show_batches_of_one_or_two(
    updates: int, size: int, whole: float
) -> None:
    seen = seen_epoch(_epochs(size * updates, updates, whole=whole))
    # Shares of 1,000 may be decimals, and all numbers of right answers may happen to be even.
    least = 1 if np.all(np.round(RISE * size * updates) % 2 == 0) else size
    assert seen is None or (seen.updates == updates and seen.size >= least)


def test_a_few_even_numbers_of_right_answers_are_those_of_pairs() -> None:
    run = make_run(
        series={"train/loss": [2.0, 1.0], "train/accuracy": np.array([211, 310]) / 525},
        steps={"train/loss": [524, 1049], "train/accuracy": [524, 1049]},
    )
    seen = seen_epoch(_view(run))
    assert seen is not None
    assert seen.size == 2


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(("samples", "size"), [(525, 1), (1050, 2)])
def test_the_first_epoch_ends_with_its_last_update(samples: int, size: int, first: int) -> None:
    seen = seen_epoch(_epochs(samples, 525, first=first))
    assert seen is not None
    assert (seen.size, seen.updates) == (size, 525)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(_epochs(1575, 525), id="batches of three"),
        pytest.param(_epochs(525 * 32, 525), id="batches of 32"),
        pytest.param(_epochs(105, 525), id="shares of fewer than the updates"),
        pytest.param(_epochs(1000, 500), id="shares that three decimals have"),
        pytest.param(_epochs(1050, 525, first=40), id="a first epoch that is longer"),
        pytest.param(_epochs(1050, 525, axis=Axis.EPOCH), id="no steps"),
        pytest.param(_epochs(1050, 1), id="steps that may be epochs"),
    ],
)
def test_what_shows_no_batch_of_an_epoch(view: RunView) -> None:
    assert seen_epoch(view) is None


@pytest.mark.parametrize("size", [1, 2])
def test_accuracies_of_batches_and_validations_show_an_epoch(size: int) -> None:
    view = _steps(size, 50)
    seen = seen_epoch(view)
    assert seen is not None
    assert (seen.size, seen.updates) == (seen_batch(view), 50) == (size, 50)


@pytest.mark.parametrize(("size", "every"), [(3, 50), (8, 50), (2, 1)])
def test_larger_batches_and_steps_that_may_be_epochs_show_nothing(size: int, every: int) -> None:
    assert seen_epoch(_steps(size, every)) is None


def test_accuracies_of_minus_one_show_no_batch() -> None:
    logged = {"train/loss": falling(150, seed=8), "train/accuracy": np.tile([1.0, 0.0, -1.0], 50)}
    run = _view(make_run(series=logged, steps=dict.fromkeys(logged, 100 * np.arange(1, 151))))
    assert seen_batch(run) == 0
    assert seen_epoch(run) is None
