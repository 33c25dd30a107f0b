from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.caching.packing import pack, unpack
from advisor.notes import NoteKind, note
from advisor.run import Axis, ConfigValue, Run, Series

NUMBERS = st.floats(width=64)
STEPS = st.integers(-(2**63), 2**63 - 1)
VALUES = st.one_of(
    st.booleans(),
    st.integers(),
    NUMBERS,
    st.text(),
    st.none(),
    st.just(math.nan),
    st.just((1, "a")),
)


@st.composite
def series(draw: st.DrawFn, tag: str) -> Series:
    rows = draw(st.lists(st.tuples(STEPS, NUMBERS), max_size=5))
    times = draw(st.none() | st.just(np.arange(len(rows), dtype=np.float64)))
    segments = draw(st.none() | st.just(np.arange(len(rows), dtype=np.int32)))
    steps = np.array([step for step, _ in rows], dtype=np.int64)
    values = np.array([value for _, value in rows], dtype=np.float64)
    return Series(tag, steps, values, times, segments, draw(st.sampled_from(Axis)))


@st.composite
def runs(draw: st.DrawFn) -> Run:
    tags = draw(st.lists(st.text(), unique=True, max_size=3))
    config = draw(st.dictionaries(st.text(), VALUES, max_size=3))
    return Run(
        draw(st.text()),
        {tag: draw(series(tag)) for tag in tags},
        {path: ConfigValue(value=value, origin="config.yaml") for path, value in config.items()},
        "a log",
        ("a.csv", "b.csv"),
        (note(NoteKind.RESTARTED, *tags, step=3), note(NoteKind.UNFINISHED)),
    )


def words(runs: Iterable[Run]) -> str:
    """All of runs that is no array, in a form to compare: NaN is equal to nothing."""
    return repr([(r.name, r.source, r.files, list(r.config.items()), r.notes) for r in runs])


@given(st.lists(runs(), max_size=3))
def test_runs_come_back_bit_for_bit(given_runs: list[Run]) -> None:
    back = unpack(pack(given_runs))
    assert words(back) == words(given_runs)
    for one, other in zip(back, given_runs, strict=True):
        assert list(one.series) == list(other.series)
        for mine, theirs in zip(one.series.values(), other.series.values(), strict=True):
            assert mine.axis is theirs.axis
            for name in ("steps", "values", "wall_times", "segments"):
                first, second = getattr(mine, name), getattr(theirs, name)
                assert (first is None) == (second is None)
                assert first is None or first.tobytes() == second.tobytes()


def test_steps_that_series_share_are_kept_once() -> None:
    steps = Series("a", np.arange(100), np.zeros(100)).steps
    made = {tag: Series(tag, steps, np.zeros(100)) for tag in ("a", "b", "c")}
    assert len(pack([Run("r", made)])["steps"]) == 100


@pytest.mark.parametrize("name", ["runs", "steps", "floats", "segments"])
def test_arrays_that_do_not_fit_are_refused(name: str) -> None:
    made = Series("a", np.arange(4), np.zeros(4), np.zeros(4), np.zeros(4, np.int32))
    arrays = pack([Run("r", {"a": made})])
    for wrong in (arrays[name][:2], arrays[name].astype(np.float32)):
        with pytest.raises(ValueError, match=r"."):
            unpack({**arrays, name: wrong})
    with pytest.raises(KeyError):
        unpack({key: value for key, value in arrays.items() if key != name})
