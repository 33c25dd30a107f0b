from __future__ import annotations

import numpy as np
import pytest

from advisor.formats.tables.table import parse
from advisor_csv.clock import wall_times


def times(header: str, *cells: str) -> list[float] | None:
    rows = "".join(f"{index};{cell}\n" for index, cell in enumerate(cells))
    table = parse(f"step;{header}\n{rows}".encode())
    assert table is not None
    found = wall_times(table, np.zeros(len(cells), np.int32))
    return found[1].tolist() if found else None


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("time", ("18.5", "36", "54"), [18.5, 36.0, 54.0]),
        ("time/time_elapsed", ("0", "0", "2"), [0.0, 0.0, 2.0]),
        ("_timestamp", ("1700000000", "1700000001"), [1.7e9, 1.7e9 + 1]),
        ("timestamp", ("1700000000000", "1700000001500"), [1.7e9, 1.7e9 + 1.5]),
        ("datetime", ("2023-11-14 22:13:20", "2023-11-14 22:13:21"), [1.7e9, 1.7e9 + 1]),
    ],
)
def test_a_clock_is_read(header: str, cells: tuple[str, ...], expected: list[float]) -> None:
    assert times(header, *cells) == expected


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        pytest.param("time", ("00:12", "00:11"), id="fastai's minutes and seconds"),
        pytest.param("time", ("10.1", "10.2", "10.3"), id="what each epoch took"),
        pytest.param("time", ("9", "20", "8"), id="times that go back"),
        pytest.param("elapsed", ("1", "", "3"), id="gaps"),
        pytest.param("timestamp", ("1", "2"), id="no time of day"),
        pytest.param("loss", ("1", "2"), id="another name"),
    ],
)
def test_a_duration_is_no_clock(header: str, cells: tuple[str, ...]) -> None:
    assert times(header, *cells) is None
