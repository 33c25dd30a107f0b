from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor.run import Axis
from tests.plugins.advisor_jsonl.writing import lines, look, only, points, put, read

ROWS = [{"step": i, "loss": 1 / (i + 1)} for i in range(20)]


def test_nested_values_get_dotted_tags_and_late_keys_are_kept(tmp_path: Path) -> None:
    rows = [{"step": i, "eval": {"loss": i / 2, "by": {"cat": 1}}} for i in range(3)]
    put(tmp_path / "log.jsonl", lines([*rows, {"step": 3, "late": "NaN", "text": "x", "ok": True}]))
    run = only(tmp_path)
    assert run.series.keys() == {"eval.loss", "eval.by.cat", "late"}
    assert np.isnan(run.series["late"].values).all()


def test_each_column_stands_on_the_best_counter_that_its_rows_have(tmp_path: Path) -> None:
    rows: list[dict[str, float]] = []
    for epoch in range(3):
        rows += [{"step": epoch * 4 + i, "epoch": epoch, "loss": 1.0} for i in range(4)]
        rows.append({"epoch": epoch, "val_loss": 2.0})
    put(tmp_path / "log.jsonl", lines(rows))
    run = only(tmp_path)
    assert run.series["loss"].axis is Axis.STEP
    assert run.series["val_loss"].axis is Axis.EPOCH
    assert run.series["val_loss"].steps.tolist() == [0, 1, 2]


def test_rows_of_a_phase_get_its_name_in_front(tmp_path: Path) -> None:
    rows = [{"phase": p, "epoch": e, "loss": 1.0} for e in range(3) for p in ("train", "val")]
    put(tmp_path / "log.jsonl", lines(rows))
    assert only(tmp_path).series.keys() == {"train/loss", "val/loss"}


def test_a_batch_that_starts_anew_each_epoch_counts_no_steps(tmp_path: Path) -> None:
    rows = [{"epoch": e, "batch": b, "loss": 1.0} for e in range(4) for b in range(5)]
    put(tmp_path / "train.jsonl", lines(rows))
    assert look(tmp_path) == ([], [])
    put(tmp_path / "metrics.jsonl", lines(rows))
    run = only(tmp_path)
    assert run.series["loss"].axis is Axis.ROW
    assert run.notes[0].kind is NoteKind.STEP_GUESSED


def test_steps_that_go_back_begin_a_segment(tmp_path: Path) -> None:
    put(tmp_path / "log.jsonl", lines([*ROWS[:12], *ROWS[6:]]))
    run = only(tmp_path)
    assert [n.params["step"] for n in run.notes if n.kind is NoteKind.RESTARTED] == [6]
    assert len(run.series["loss"]) == 26
    assert len(run.series["loss"].effective()) == 20


def test_a_first_line_without_a_step_holds_settings(tmp_path: Path) -> None:
    put(tmp_path / "log.jsonl", lines([{"args": {"lr": 0.1}, "batch_size": 4}, *ROWS]))
    run = only(tmp_path)
    assert run.config["args.lr"].value == 0.1
    assert run.config["batch_size"].origin == "log.jsonl:batch_size"
    assert len(run.series["loss"]) == 20


def test_a_config_on_every_line_is_no_series(tmp_path: Path) -> None:
    put(tmp_path / "log.jsonl", lines({**row, "config": {"lr": 0.1}} for row in ROWS))
    run = only(tmp_path)
    assert run.series.keys() == {"loss"}
    assert run.config["lr"].value == 0.1


@pytest.mark.parametrize("name", ["config.yml", "hparams.json", "args.yaml", "params.json"])
def test_settings_beside_the_only_log_are_read(tmp_path: Path, name: str) -> None:
    put(tmp_path / "log.jsonl", lines(ROWS))
    put(tmp_path / name, '{"lr": 0.1}')
    run = only(tmp_path)
    assert run.config["lr"].value == 0.1
    assert run.config["lr"].origin == f"{name}:lr"
    assert run.files == tuple(sorted((name, "log.jsonl")))


def test_what_the_log_holds_counts_before_what_lies_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "log.jsonl", lines([{"lr": 0.1}, *ROWS]))
    put(tmp_path / "config.yaml", "lr: 0.5\nepochs: 9\n")
    run = only(tmp_path)
    assert {path: entry.value for path, entry in run.config.items()} == {"lr": 0.1, "epochs": 9}
    (told,) = (note for note in run.notes if note.kind is NoteKind.CONFIG_DIFFERS)
    assert told.params == {"file": "config.yaml", "names": ("lr",)}


def test_time_stamps_are_wall_times(tmp_path: Path) -> None:
    stamped = ({**row, "time": f"2024-05-01T00:00:{row['step']:02}"} for row in ROWS)
    put(tmp_path / "log.jsonl", lines(stamped))
    times = only(tmp_path).series["loss"].wall_times
    assert times is not None
    assert (np.diff(times) == 1).all()


def test_lines_that_are_no_json_are_noted_by_where_they_are(tmp_path: Path) -> None:
    good = lines(ROWS)
    put(tmp_path / "log.jsonl", "\n\n" + good + "Traceback\n" + good[:20])
    run = only(tmp_path)
    notes = {note.kind: note.params for note in run.notes}
    offset = 2 + len(good)
    assert notes[NoteKind.DAMAGED] == {"file": "log.jsonl", "offset": offset, "lost": 10}
    assert notes[NoteKind.TRUNCATED]["offset"] == offset + 10
    assert len(run.series["loss"]) == 20


def test_half_a_surrogate_pair_in_a_name_can_be_written_down(tmp_path: Path) -> None:
    put(tmp_path / "log.jsonl", '{"step": 1, "loss": 1, "\\ud800": 2}\n{"step": 2, "loss": 1}\n')
    assert all(tag.encode() for tag in only(tmp_path).series)


def test_of_a_log_that_is_cut_all_whole_lines_are_read(tmp_path: Path) -> None:
    whole = lines(ROWS).encode()
    for offset in range(60, len(whole)):
        put(tmp_path / "log.jsonl", whole[:offset])
        run = only(tmp_path)
        assert len(run.series["loss"]) in (n := whole[:offset].count(b"\n"), n + 1)
        assert points(run, "loss")[0] == (0, 1.0)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("package.json", '{"name": "x", "version": "1.0.0"}\n'),
        ("config.json", '{"epochs": 10, "lr": 0.1, "loss": 3}\n'),
        ("setup.json", '{"epochs": 10, "lr": 0.1, "loss": 3}\n'),
        ("annotations.json", '{"images": [{"id": 1}], "annotations": [], "step": 1}'),
        ("data.jsonl", '{"prompt": "a", "completion": "b"}\n{"prompt": "a", "completion": "b"}\n'),
        ("scores.jsonl", '{"id": 1, "score": 0.5}\n{"id": 2, "score": 0.5}\n'),
        ("notes.txt", "epoch 1 loss 0.5\n"),
        ("table.json", '[{"epoch": 1, "loss": 0.5}]'),
        ("empty.jsonl", ""),
    ],
)
def test_what_is_no_log_is_left_alone(tmp_path: Path, name: str, content: str) -> None:
    put(tmp_path / name, content)
    assert look(tmp_path) == ([], [])


@pytest.mark.parametrize("name", ["metrics.json", "metrics.jsonl", "scalars.json", "x.log.json"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("version https://git-lfs.github.com/spec/v1\n", "LFS"),
        ('{\n  "accuracy": 0.9\n}\n', "over many lines"),
        ("[1, 2]\n", "no JSON object"),
        ('{"name": "a"}\n{"name": "b"}\n', "counts steps"),
    ],
)
def test_what_has_only_the_name_of_a_log_is_refused(
    tmp_path: Path, name: str, content: str, reason: str
) -> None:
    put(tmp_path / name, content)
    claims, (refusal,) = look(tmp_path)
    assert not claims
    assert reason in refusal.reason


def test_two_logs_in_one_directory_are_named_by_their_files(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", lines(ROWS))
    put(tmp_path / "metrics.jsonl", lines(ROWS))
    assert sorted(run.name for run in read(tmp_path)) == ["a", "metrics"]


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 700), st.integers(0, 100))
def test_any_bytes_anywhere_are_read_or_unreadable(junk: bytes, at: int, gone: int) -> None:
    whole = lines(ROWS).encode()
    with tempfile.TemporaryDirectory() as folder:
        put(Path(folder) / "metrics.jsonl", whole[:at] + junk + whole[at + gone :])
        with suppress(Unreadable):
            assert all(run.series for run in read(Path(folder)))
