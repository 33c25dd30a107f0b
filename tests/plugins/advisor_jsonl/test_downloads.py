from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from tests.plugins.advisor_jsonl.writing import download_samples, look, only, points, put, read


def test_the_tags_of_one_run_come_together_from_json_and_csv(tmp_path: Path) -> None:
    download_samples(tmp_path)
    run = only(tmp_path)
    assert run.name == "train"
    assert points(run, "acc") == [(1, 0.5), (2, 0.25)]
    assert len(run.series["loss"]) == 6
    times = run.series["loss"].wall_times
    assert times is not None
    assert times[0] == 1.7e9


def test_runs_stay_apart_and_other_names_name_the_tag(tmp_path: Path) -> None:
    download_samples(tmp_path / "a")
    table = "Wall time,Step,Value\n1700000000.5,1,0.5\n"
    put(tmp_path / "a/run-val-tag-loss.csv", table)
    put(tmp_path / "my_loss.csv", table)
    assert {run.name: list(run.series) for run in read(tmp_path)} == {
        "a/train": ["acc", "loss"],
        "a/val": ["loss"],
        "my_loss": ["my_loss"],
    }


def test_as_many_points_as_the_page_shows_are_a_sample(tmp_path: Path) -> None:
    points = [[1.7e9 + i, i * 3, "NaN" if i == 5 else 0.5] for i in range(1000)]
    put(tmp_path / "run-a-tag-loss.json", json.dumps(points))
    run = only(tmp_path)
    assert [note.kind for note in run.notes] == [NoteKind.SAMPLED]
    assert len(run.series["loss"].finite()) == 999


def test_a_download_that_is_cut_is_unreadable(tmp_path: Path) -> None:
    put(tmp_path / "run-a-tag-loss.json", "[[1700000000.0, 1, 0.5], [17")
    with pytest.raises(Unreadable, match="not whole JSON"):
        read(tmp_path)


@pytest.mark.parametrize("content", ["[[1, 2, 3]]", "[[0.5, 0.5, 0.5]]", "[]", "{}"])
def test_other_lists_are_left_alone(tmp_path: Path, content: str) -> None:
    put(tmp_path / "points.json", content)
    assert look(tmp_path) == ([], [])
