"""Which directories are one run, and which only look like it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.run import Axis
from advisor_tensorboard.fold import line_of
from tests.plugins.advisor_tensorboard.reading import claims, notes, only_run, runs
from tests.plugins.advisor_tensorboard.writing import (
    curve,
    hparams,
    scalar,
    tf2_scalar,
    write,
)

LATER = 1e9 + 1e5


def keras(tag: str, wall: float = 1e9) -> list[bytes]:
    return [tf2_scalar(tag, step, 1 / (1 + step), wall) for step in range(5)]


def test_the_splits_of_a_keras_run_are_one_run_named_by_their_parent(tmp_path: Path) -> None:
    write(tmp_path / "fit" / "train", *keras("epoch_loss"))
    write(tmp_path / "fit" / "validation", *keras("epoch_loss"), *keras("evaluation_loss"))
    run = only_run(tmp_path)
    assert run.name == "fit"
    assert {tag: series.axis for tag, series in run.series.items()} == {
        "train/epoch_loss": Axis.EPOCH,
        "validation/epoch_loss": Axis.EPOCH,
        "validation/evaluation_loss": Axis.STEP,
    }
    (note,) = run.notes
    assert (note.kind, note.params["folders"]) == (
        NoteKind.FOLDED,
        ("fit/train", "fit/validation"),
    )


def test_a_keras_run_without_validation_is_named_by_its_parent(tmp_path: Path) -> None:
    write(tmp_path / "train", *keras("epoch_loss"))
    run = only_run(tmp_path)
    assert (run.name, list(run.series)) == (".", ["train/epoch_loss"])


@pytest.mark.parametrize(("train", "held_out"), [("train", "val"), ("training", "test")])
def test_splits_that_share_a_tag_are_one_run(tmp_path: Path, train: str, held_out: str) -> None:
    write(tmp_path / train, *curve("loss", range(9)))
    write(tmp_path / held_out, *curve("loss", range(3), LATER))
    assert list(only_run(tmp_path).series) == [f"{train}/loss", f"{held_out}/loss"]


def test_splits_written_in_the_same_hours_are_one_run(tmp_path: Path) -> None:
    write(tmp_path / "train", *curve("train/loss", range(9)))
    write(tmp_path / "val", *curve("error", range(3)))
    assert list(only_run(tmp_path).series) == ["train/loss", "val/error"]


def test_an_evaluation_below_its_training_is_part_of_it(tmp_path: Path) -> None:
    write(tmp_path / "model", *curve("loss", range(9)))
    write(tmp_path / "model" / "eval", *curve("loss", range(3)))
    run = only_run(tmp_path)
    assert (run.name, list(run.series)) == ("model", ["loss", "eval/loss"])


def test_directories_named_like_splits_can_be_runs_of_their_own(tmp_path: Path) -> None:
    write(tmp_path / "a" / "train", *curve("loss", range(9)))
    write(tmp_path / "b" / "train", *curve("loss", range(9)))
    write(tmp_path / "b" / "test", *curve("score", range(9), LATER))
    write(tmp_path / "c", *curve("loss", range(9)))
    write(tmp_path / "c" / "test", *curve("loss", range(9), LATER))
    write(tmp_path / "d" / "train", *curve("loss", range(9)))
    write(tmp_path / "d" / "train2", *curve("loss", range(9)))
    found = runs(tmp_path)
    assert sorted(found) == [
        "a/train", "b/test", "b/train", "c", "c/test", "d/train", "d/train2",
    ]  # fmt: skip
    assert not any(run.notes for run in found.values())


@pytest.mark.parametrize(
    "folders",
    [
        pytest.param(("loss_all_train", "loss_all_val"), id="torch"),
        pytest.param(("loss/all/train", "loss/all/val"), id="tensorboardX"),
    ],
)
def test_the_lines_of_add_scalars_are_series_of_their_run(
    tmp_path: Path, folders: tuple[str, str]
) -> None:
    write(tmp_path / "run", *curve("lr", range(9)))
    for folder in folders:
        write(tmp_path / "run" / folder, *curve("loss/all", range(9)))
    run = only_run(tmp_path)
    assert sorted(run.series) == ["loss/all/train", "loss/all/val", "lr"]
    (note,) = notes(run, NoteKind.FOLDED)
    assert note.params["folders"] == tuple(f"run/{folder}" for folder in folders)


def test_lines_are_found_where_the_writer_itself_logged_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path / "loss_train", *curve("loss", range(9)))
    write(tmp_path / "loss_val", *curve("loss", range(9)))
    run = only_run(tmp_path)
    assert (run.name, sorted(run.series)) == (".", ["loss/train", "loss/val"])


def test_a_line_whose_name_is_taken_keeps_the_name_of_its_directory(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss/train", range(9)))
    write(tmp_path / "loss_train", *curve("loss", range(5)))
    run = only_run(tmp_path)
    assert {tag: len(series) for tag, series in run.series.items()} == {
        "loss/train": 9,
        "loss_train/loss/train": 5,
    }


@pytest.mark.parametrize(
    ("path", "tag", "line"),
    [
        ("loss_train", "loss", "train"),
        ("a_b_c", "a/b", "c"),
        ("a/b/c", "a/b", "c"),
        ("my loss/c", "my_loss", "c"),
        ("loss", "loss", None),
        ("loss_", "loss", None),
        ("losses", "loss", None),
        ("run1", "loss", None),
        ("_x", "", None),
    ],
)
def test_a_line_is_told_by_the_tag_in_its_path(path: str, tag: str, line: str | None) -> None:
    assert line_of(path, tag) == line


def test_what_add_hparams_stores_belongs_to_the_run_above(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(9)))
    below = tmp_path / "1700000000.123"
    write(below, hparams({"lr": 0.1}), scalar("hparam/best", 0, 0.9), scalar("loss", 0, 0.5))
    run = only_run(tmp_path)
    assert run.config["lr"].value == 0.1
    lengths = {tag: len(series) for tag, series in run.series.items()}
    assert lengths == {"loss": 9, "hparam/best": 1, "1700000000.123/loss": 1}


def test_settings_on_which_two_calls_differ_are_left_out_and_named(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(9)))
    write(tmp_path / "1.0", hparams({"lr": 0.1, "width": 8.0}))
    write(tmp_path / "2.0", hparams({"lr": 0.2, "width": 8.0}))
    run = only_run(tmp_path)
    assert {path: entry.value for path, entry in run.config.items()} == {"width": 8.0}
    (note,) = notes(run, NoteKind.CONFIG_UNREADABLE)
    assert str(note.params["why"]).endswith(" lr")


def test_the_trials_of_a_search_stay_runs_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, hparams({}))
    for trial, rate in (("0", 0.1), ("1", 0.2)):
        write(tmp_path / trial, hparams({"lr": rate}), *curve("loss", range(9)))
    found = runs(tmp_path)
    assert {name: run.config["lr"].value for name, run in found.items()} == {"0": 0.1, "1": 0.2}
    assert not any(run.notes for run in found.values())


def test_unrelated_runs_are_claimed_one_by_one(tmp_path: Path) -> None:
    for name in ("a", "b", "b/c"):
        write(tmp_path / name, *curve("loss", range(9)), *curve("acc", range(9)))
    assert [claim.root for claim in claims(tmp_path)] == ["a", "b", "b/c"]
    assert sorted(runs(tmp_path)) == ["a", "b", "b/c"]


def test_the_notes_of_a_split_name_its_series(tmp_path: Path) -> None:
    path = write(tmp_path / "train", *curve("loss", range(9)))
    path.write_bytes(path.read_bytes()[:-5])
    write(tmp_path / "val", *curve("loss", range(9)))
    (note,) = notes(only_run(tmp_path), NoteKind.TRUNCATED)
    assert (note.series, note.params["file"]) == (("train/loss",), f"train/{path.name}")


NAMES = st.sampled_from(["train", "val", "eval", "loss", "loss_a", "loss_b_c", "a", "1.5"])
FOLDERS = st.lists(NAMES, max_size=3).map("/".join)
KINDS = st.sampled_from(["loss", "loss_b", "epoch_loss", "curves", "hparams", "nothing"])


def content(kind: str, place: int) -> list[bytes]:
    """Two points of each tag, in hours of their own, so that no file is another's process."""
    wall = 1e9 + 100 * place
    return {
        "curves": [*curve("loss", range(2), wall), *curve("acc", range(2), wall)],
        "epoch_loss": [tf2_scalar("epoch_loss", step, 1.0, wall) for step in range(2)],
        "hparams": [hparams({"lr": 0.1}), scalar("loss", 0, 1.0, wall)],
        "nothing": [],
    }.get(kind, curve(kind, range(2), wall))


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(FOLDERS, KINDS, max_size=8))
def test_no_directory_layout_loses_a_point_or_counts_one_twice(layout: dict[str, str]) -> None:
    with TemporaryDirectory() as logs:
        written = 0
        for place, (folder, kind) in enumerate(layout.items()):
            records = content(kind, place)
            write(Path(logs) / folder, *records)
            written += sum(b"hparams" not in record for record in records)
        found = runs(Path(logs))
        assert sum(run.points for run in found.values()) == written
