"""The reader as a whole: its promises to the engine."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import advisor_tensorboard
from advisor.reader import Reader, Unreadable
from advisor_tensorboard.reader import TensorBoardReader
from tests.plugins.advisor_tensorboard.reading import claims, only_run, runs
from tests.plugins.advisor_tensorboard.writing import curve, hparams, text, write


def test_it_is_registered_as_a_reader() -> None:
    (reader,) = advisor_tensorboard.register_readers()
    assert isinstance(reader, Reader)
    assert reader.name == "tensorboard"


def test_a_claim_survives_the_trip_to_a_worker(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(5)))
    (claim,) = claims(tmp_path)
    (run,) = TensorBoardReader().read(pickle.loads(pickle.dumps(claim)))  # noqa: S301  # our own
    assert run.points == 5


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    write(tmp_path / "train", *curve("loss", range(9)), hparams({"lr": 0.1}))
    write(tmp_path / "val", *curve("loss", range(9)))
    first, second = only_run(tmp_path), only_run(tmp_path)
    assert list(first.series) == list(second.series)
    assert (first.config, first.notes, first.files) == (second.config, second.notes, second.files)


def test_files_are_named_relative_to_logs(tmp_path: Path) -> None:
    path = write(tmp_path / "a" / "b", *curve("loss", range(5)))
    run = only_run(tmp_path)
    assert (run.name, run.files) == ("a/b", (f"a/b/{path.name}",))


def test_a_file_without_scalars_says_what_to_log(tmp_path: Path) -> None:
    path = write(tmp_path, text("note", "hello"))
    (claim,) = claims(tmp_path)
    with pytest.raises(Unreadable, match="no scalars") as caught:
        list(TensorBoardReader().read(claim))
    assert caught.value.file == path.name
    assert "add_scalar" in caught.value.cure


def test_a_file_of_which_nothing_is_left_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, *curve("loss", [1]))
    path.write_bytes(path.read_bytes()[:-1])
    (claim,) = claims(tmp_path)
    with pytest.raises(Unreadable, match="damaged"):
        list(TensorBoardReader().read(claim))


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(5)))
    (claim,) = claims(tmp_path)
    with pytest.raises(Unreadable, match="no such file"):
        list(TensorBoardReader().read(replace(claim, base=tmp_path / "elsewhere")))


def test_several_runs_come_sorted_by_name(tmp_path: Path) -> None:
    for name in ("train2", "train10", "train"):
        write(tmp_path / name, *curve("loss", range(5)))
    assert sorted(runs(tmp_path)) == ["train", "train10", "train2"]


def test_no_heavy_library_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(5)))
    program = f"""
import sys
from pathlib import Path
from dataclasses import replace
from advisor.walk import walk
from advisor_tensorboard.reader import TensorBoardReader
reader = TensorBoardReader()
(claim,) = reader.claim(walk(Path({str(tmp_path)!r})))
(run,) = reader.read(replace(claim, base=Path({str(tmp_path)!r})))
assert run.points == 5
heavy = {{"torch", "tensorboard", "tensorflow", "google", "pandas"}} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
