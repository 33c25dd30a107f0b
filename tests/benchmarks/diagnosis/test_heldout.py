"""Each look at the held-out split adds rows, and changes none."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ("draw", "look", "date", "commit", "figure", "part", "of", "low", "high")
RESULT: dict[str, Any] = {
    "split": "heldout",
    "trainings": 30,
    "all": {"recall": {"clear": {"part": 18.5, "of": 20, "interval": [0.7, 0.98]}}},
    "rules": {"overfitting": {"option": False, "alarms": {"part": 0, "of": 0}, "confidence": []}},
}


@pytest.fixture(autouse=True)
def _new_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody have studied the draw yet."""
    monkeypatch.setattr("benchmarks.diagnosis.heldout.STUDIED", False)


def test_a_draw_whose_misses_were_studied_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.diagnosis.heldout import append

    monkeypatch.setattr("benchmarks.diagnosis.heldout.STUDIED", True)
    with pytest.raises(ValueError, match="were studied: draw another"):
        append(RESULT, tmp_path / "heldout.csv")
    assert not (tmp_path / "heldout.csv").exists()


def test_a_look_appends_every_figure_that_was_measured(tmp_path: Path) -> None:
    from benchmarks.diagnosis.heldout import DRAW, append

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
    assert {row["draw"] for row in rows} == {f"{DRAW}"}
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


def test_looks_are_counted_for_each_draw(tmp_path: Path) -> None:
    from benchmarks.diagnosis.heldout import DRAW, append, last_look

    file = tmp_path / "heldout.csv"
    file.write_text(f"{','.join(FIELDS)}\n{DRAW - 1},4,2026-11-20,abc1234,trainings,20,,,\n")
    before = last_look(file)
    assert before is not None
    assert (before.draw, before.number, before.counts) == (DRAW - 1, 4, {"trainings": 20})
    append(RESULT, file)
    look = last_look(file)
    assert look is not None
    assert (look.draw, look.number, look.counts) == (DRAW, 1, {"trainings": 30})


def test_a_draw_is_looked_at_five_times_and_not_once_more(tmp_path: Path) -> None:
    from benchmarks.diagnosis.heldout import append

    file = tmp_path / "heldout.csv"
    for _ in range(5):
        append(RESULT, file)
    written = file.read_text()
    with pytest.raises(ValueError, match="draw another"):
        append(RESULT, file)
    assert file.read_text() == written


def test_the_looks_that_are_kept_follow_each_other_from_the_first_draw_on() -> None:
    from benchmarks.diagnosis.heldout import DRAW, FILE, MOST

    with FILE.open(newline="") as stream:
        places = list(
            dict.fromkeys((int(r["draw"]), int(r["look"])) for r in csv.DictReader(stream))
        )
    assert places == sorted(places)
    for draw in range(1, DRAW + 1):
        looks = [look for number, look in places if number == draw]
        assert looks == list(range(1, len(looks) + 1))
        assert len(looks) <= MOST
