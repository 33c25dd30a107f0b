from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.limits import time_limit
from advisor.run import Run, Series
from advisor.testing import make_run
from tests.support import HANG

_ROWS = st.lists(
    st.tuples(st.integers(0, 20), st.floats(allow_nan=True), st.integers(0, 3)), max_size=40
)


def _series(rows: list[tuple[int, float, int]], *, segmented: bool = True) -> Series:
    rows = sorted(rows, key=lambda row: row[2])
    steps, values, segments = zip(*rows, strict=True) if rows else ((), (), ())
    return Series(
        "loss",
        np.array(steps, dtype=np.int64),
        np.array(values, dtype=np.float64),
        segments=np.array(segments, dtype=np.int32) if segmented else None,
    )


@given(_ROWS, st.booleans())
def test_the_effective_series_has_each_step_once_and_in_order(
    rows: list[tuple[int, float, int]], segmented: bool
) -> None:
    effective = _series(rows, segmented=segmented).effective()
    assert (np.diff(effective.steps) > 0).all()


@given(_ROWS)
def test_the_effective_series_of_the_effective_series_is_itself(
    rows: list[tuple[int, float, int]],
) -> None:
    once = _series(rows).effective()
    twice = once.effective()
    np.testing.assert_array_equal(once.steps, twice.steps)
    np.testing.assert_array_equal(once.values, twice.values)


@given(_ROWS)
def test_a_later_writer_leaves_nothing_of_an_earlier_one_from_its_first_step_on(
    rows: list[tuple[int, float, int]],
) -> None:
    series = _series(rows)
    effective = series.effective()
    assert series.segments is not None
    assert effective.segments is not None
    for segment in set(series.segments.tolist()):
        begun = series.steps[series.segments == segment].min()
        assert not (effective.steps[effective.segments < segment] >= begun).any()


@given(_ROWS)
def test_a_row_stands_unless_a_later_writer_began_at_or_before_its_step(
    rows: list[tuple[int, float, int]],
) -> None:
    series = _series(rows)
    kept = {
        (step, segment)
        for step, _, segment in rows
        if not any(later > segment and begun <= step for begun, _, later in rows)
    }
    effective = series.effective()
    assert effective.segments is not None
    # Where two segments stand at one step, the later one is shown.
    shown = {step: max(s for at, s in kept if at == step) for step, _ in kept}
    assert dict(zip(effective.steps.tolist(), effective.segments.tolist(), strict=True)) == shown


def test_thousands_of_restarts_do_not_hang() -> None:
    segments = np.repeat(np.arange(10_000, dtype=np.int32), 30)
    series = Series("loss", np.arange(len(segments)), np.ones(len(segments)), segments=segments)
    with time_limit(HANG):
        assert len(series.effective()) == len(segments)


@given(_ROWS)
def test_without_segments_every_step_keeps_the_value_that_was_written_last(
    rows: list[tuple[int, float, int]],
) -> None:
    series = _series(rows, segmented=False)
    last = dict(zip(series.steps.tolist(), series.values.tolist(), strict=True))
    effective = series.effective()
    assert effective.steps.tolist() == sorted(last)
    np.testing.assert_array_equal(effective.values, [last[step] for step in sorted(last)])


def test_a_restart_drops_what_the_first_writer_logged_beyond_the_checkpoint() -> None:
    series = Series(
        "loss",
        np.array([0, 1, 2, 3, 2, 3]),
        np.array([5.0, 4.0, 3.0, 9.0, 2.0, 1.0]),
        segments=np.array([0, 0, 0, 0, 1, 1]),
    )
    assert series.effective().values.tolist() == [5.0, 4.0, 2.0, 1.0]


@pytest.mark.parametrize("travelled", [False, True])
def test_the_arrays_are_read_only_also_after_pickling(travelled: bool) -> None:
    series = Series(
        "loss", np.arange(3), np.ones(3), wall_times=np.ones(3), segments=np.zeros(3, np.int32)
    )
    if travelled:
        series = pickle.loads(pickle.dumps(series))  # noqa: S301  # made here
    for array in (series.steps, series.values, series.wall_times, series.segments):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7


def test_a_run_keeps_its_arrays_read_only_on_the_way_to_another_process() -> None:
    run: Run = pickle.loads(pickle.dumps(make_run(train_loss=[1.0, 2.0])))  # noqa: S301  # made here
    assert not run.series["train/loss"].values.flags.writeable


def test_what_is_written_into_the_callers_array_does_not_reach_the_series() -> None:
    values = np.ones(3)
    whole, part = Series("a", np.arange(3), values), Series("b", np.arange(2), values[:2])
    view = values[:]
    view.flags.writeable = False
    seen = Series("c", np.arange(3), view)
    values[0] = 7
    assert whole.values[0] == part.values[0] == seen.values[0] == 1


def test_arrays_of_different_lengths_are_refused_with_the_tag() -> None:
    with pytest.raises(ValueError, match=r"'loss'.*\[2, 3\]"):
        Series("loss", np.arange(2), np.ones(3))


def test_arrays_of_two_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 2\)"):
        Series("loss", np.ones((2, 2), np.int64), np.ones((2, 2)))


def test_a_series_filed_under_another_tag_is_refused() -> None:
    with pytest.raises(ValueError, match="'a' is filed under 'b'"):
        Run("run", {"b": Series("a", np.arange(1), np.ones(1))})


def test_series_are_compared_by_identity() -> None:
    first, second = (Series("a", np.arange(2), np.ones(2)) for _ in range(2))
    assert first != second
    assert len({first, second}) == 2


def test_finite_leaves_out_nan_and_infinities_and_between_counts_both_ends() -> None:
    series = Series("a", np.arange(5), np.array([1, np.nan, 3, np.inf, 5]))
    assert series.finite().steps.tolist() == [0, 2, 4]
    assert series.between(1, 3).steps.tolist() == [1, 2, 3]


@pytest.mark.parametrize("steps", [[0.2, 0.7], [0.0, float("nan")], [0.0, float("inf")]])
def test_steps_that_are_no_whole_numbers_are_refused(steps: list[float]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        Series("a", np.array(steps), np.zeros(2))


def test_whole_steps_may_come_as_floats() -> None:
    series = Series("a", np.array([0.0, 2.0]), np.zeros(2))
    assert series.steps.tolist() == [0, 2]
