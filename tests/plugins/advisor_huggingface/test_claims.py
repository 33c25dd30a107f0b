from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugins.advisor_huggingface.writing import factory_log, look, put, read, rows, state


def test_the_copies_in_the_checkpoints_are_one_run_named_by_the_output_directory(
    tmp_path: Path,
) -> None:
    for step in (40, 80, 100):
        put(tmp_path / f"exp/checkpoint-{step}/trainer_state.json", state(rows(step)))
    (run,) = read(tmp_path)
    assert run.name == "exp"
    assert len(run.series["loss"]) == 10
    assert len(run.files) == 3


def test_of_two_states_at_one_step_the_one_outside_of_the_checkpoints_is_read(
    tmp_path: Path,
) -> None:
    summary = {"step": 100, "train_runtime": 3.0}
    put(tmp_path / "trainer_state.json", state([*rows(100), summary]))
    put(tmp_path / "checkpoint-100/trainer_state.json", state(rows(100)))
    (run,) = read(tmp_path)
    assert "train_runtime" in run.series
    assert run.name == "."


def test_checkpoints_of_two_runs_in_one_directory_stay_two_runs(tmp_path: Path) -> None:
    put(tmp_path / "out/checkpoint-50/trainer_state.json", state(rows(50)))
    put(tmp_path / "out/checkpoint-80/trainer_state.json", state(rows(80)))
    put(tmp_path / "out/checkpoint-100/trainer_state.json", state(rows(100, start=7.0)))
    runs = read(tmp_path)
    assert {run.name: len(run.series["loss"]) for run in runs} == {
        "out/checkpoint-80": 8,
        "out/checkpoint-100": 10,
    }


def test_states_that_were_collected_under_names_of_their_own_are_runs_of_their_own(
    tmp_path: Path,
) -> None:
    put(tmp_path / "small.json", state(rows(50)))
    put(tmp_path / "large.json", state(rows(50, start=5.0)))
    assert sorted(run.name for run in read(tmp_path)) == ["large", "small"]


def test_the_log_of_llama_factory_beside_a_state_is_the_same_run(tmp_path: Path) -> None:
    put(tmp_path / "trainer_state.json", state(rows(100)))
    put(tmp_path / "trainer_log.jsonl", factory_log(100))
    (claim,), refusals = look(tmp_path)
    assert claim.files == ("trainer_log.jsonl", "trainer_state.json")
    assert not refusals


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("{}", "log_history"),
        ("version https://git-lfs.github.com/spec/v1\n", "LFS"),
        (state([]), "nothing was logged yet"),
    ],
)
def test_a_state_without_a_history_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    put(tmp_path / "trainer_state.json", content)
    claims, (refusal,) = look(tmp_path)
    assert not claims
    assert reason in refusal.reason


@pytest.mark.parametrize(
    "content",
    [{"log": "x"}, {"history": [1]}, {"name": "pkg", "version": "1"}, [], {"global_step": 5}],
)
def test_other_json_is_left_alone(tmp_path: Path, content: object) -> None:
    put(tmp_path / "package.json", json.dumps(content))
    put(tmp_path / "data.jsonl", json.dumps(content) + "\n")
    assert look(tmp_path) == ([], [])
