"""JSON lines that grow: each look gives what reading everything anew gives."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_jsonl.reader import JsonLinesReader
from tests.growing import Watched, grow
from tests.plugins.advisor_jsonl.writing import lines, mmcv

Row = Mapping[str, Any]
COUNTED = {"step": st.integers(-5, 30), "loss": st.floats()}
ROWS = st.one_of(
    st.fixed_dictionaries(COUNTED),
    st.fixed_dictionaries({**COUNTED, "split": st.sampled_from(["train", "val"])}),
    st.fixed_dictionaries({**COUNTED, "config": st.just({"lr": 0.1, "x": {"y": [1, 2]}})}),
    st.fixed_dictionaries({"lr": st.just(0.1), "seed": st.integers()}),
    st.fixed_dictionaries({"é\ud800": st.floats(), "time": st.just("2024-01-02T03:04:05")}),
)
CUTS = st.lists(st.floats(0, 1), max_size=4)


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(ROWS, min_size=1, max_size=12),
    shares=CUTS,
    junk=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=9)), max_size=2),
)
def test_lines_cut_anywhere_and_damaged_grow_to_what_they_are(
    rows: list[Row], shares: list[float], junk: list[tuple[float, bytes]]
) -> None:
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    for share, more in junk:
        place = round(share * len(data))
        data = data[:place] + more + data[place:]
    with tempfile.TemporaryDirectory() as folder:
        ends = [round(share * len(data)) for share in shares]
        grow(Watched(JsonLinesReader(), Path(folder)), Path(folder, "metrics.jsonl"), data, ends)


@settings(max_examples=20, deadline=None)
@given(shares=CUTS)
def test_a_log_whose_dialect_shows_late_is_read_whole_once_it_does(shares: list[float]) -> None:
    data = lines(mmcv(3, 10)).encode()
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(JsonLinesReader(), Path(folder))
        ends = [round(share * len(data)) for share in shares]
        grow(watched, Path(folder, "20240101_000000.log.json"), data, ends)
        assert list(watched.kept.values()) == [len(data)]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_last_line_is_read_once(tmp_path: Path, end: str) -> None:
    watched, path = Watched(JsonLinesReader(), tmp_path), tmp_path / "metrics.jsonl"
    rows = lines({"step": step, "loss": 1 / (step + 1)} for step in range(30))
    path.write_text(rows.rstrip("\n") + end)
    (run,) = watched.look()
    path.write_text(rows + '{"step": 30, "loss": 0.5}')
    (longer,) = watched.look()
    assert (len(run.series["loss"]), len(longer.series["loss"])) == (30, 31)
    assert watched.kept == {"metrics.jsonl": len(rows)}
