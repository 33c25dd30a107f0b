"""Each look at the held-out split adds rows, and changes none."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

RESULT: dict[str, Any] = {
    "split": "heldout",
    "trainings": 30,
    "all": {"recall": {"clear": {"part": 18.5, "of": 20, "interval": [0.7, 0.98]}}},
    "rules": {"overfitting": {"option": False, "alarms": {"part": 0, "of": 0}, "confidence": []}},
}


def test_a_look_appends_every_figure_that_was_measured(tmp_path: Path) -> None:
    from benchmarks.diagnosis.heldout import append

    file = tmp_path / "heldout.csv"
    append(RESULT, file)
    first = file.read_text()
    append(RESULT, file)
    assert file.read_text().startswith(first)
    with file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["look"], row["figure"], row["part"], row["of"], row["low"]) for row in rows] == [
        ("1", "trainings", "30", "", ""),
        ("1", "all.recall.clear", "18.5", "20", "0.7"),
        ("2", "trainings", "30", "", ""),
        ("2", "all.recall.clear", "18.5", "20", "0.7"),
    ]
    assert all(row["commit"] and row["date"] for row in rows)


def test_the_last_look_is_read_back(tmp_path: Path) -> None:
    from benchmarks.diagnosis.heldout import append, last_look

    file = tmp_path / "heldout.csv"
    assert last_look(file) is None
    append(RESULT, file)
    append(RESULT, file)
    look = last_look(file)
    assert look is not None
    assert look.number == 2
    assert look.rates == {"all.recall.clear": {"part": 18.5, "of": 20, "interval": (0.7, 0.98)}}
    assert look.counts == {"trainings": 30}
