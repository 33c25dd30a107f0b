"""The process that reads Parquet files, and what becomes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.limits import OutOfTime, time_limit
from advisor.reader import Unreadable
from advisor_wandb import as_arrow, parquet, rows

pytestmark = pytest.mark.needs("polars")
ASKS_AND_DIES = """
import os, sys
from pathlib import Path
from advisor_wandb import parquet
parquet.PROGRAM.ask(Path(sys.argv[1]))
print(parquet.PROGRAM._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def _own_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(parquet, "PROGRAM", type(parquet.PROGRAM)())
    yield
    parquet.PROGRAM.end()


def save(path: Path, loss: float = 1.0) -> Path:
    import polars as pl

    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        pl.DataFrame({"_step": [0, 1], "loss": [loss, None]}).write_parquet(file)
    return path


def read(path: Path) -> list[object]:
    return [row.get("loss") for row in rows.read(path.parent, path.name).rows]


def process() -> subprocess.Popen[bytes] | None:
    return parquet.PROGRAM._process


def instead(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let another program read."""
    (folder / "program.py").write_text(program)
    monkeypatch.setattr(as_arrow, "__file__", str(folder / "program.py"))


def test_one_process_reads_all_files(tmp_path: Path) -> None:
    assert read(save(tmp_path / "a.parquet", 0.5)) == [0.5, None]
    first = process()
    assert read(save(tmp_path / "b.parquet", 2.5)) == [2.5, None]
    assert process() is first
    assert first is not None


def test_what_is_no_parquet_is_refused_and_the_next_file_is_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 _step _timestamp" + b"\x11\0\0\0PAR1")
    with pytest.raises(Unreadable, match=r"cannot be read as Parquet \(.+\)") as caught:
        read(broken)
    assert str(tmp_path) not in str(caught.value)
    assert read(save(tmp_path / "a.parquet")) == [1.0, None]


@pytest.mark.parametrize(
    "name",
    ["-x.parquet", "a b.parquet", "a[1].parquet", "a*.parquet", "~.parquet", 'q"\\n.parquet',
     "损失.parquet", "new\nline.parquet", os.fsdecode(b"\xff.parquet"), "lr=0.1/a.parquet"],
)  # fmt: skip
def test_a_file_is_read_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for other in ("a1.parquet", "ab.parquet"):
        save(tmp_path / other, 7.0)
    save(tmp_path / name, 0.5)
    assert read(tmp_path / name) == [0.5, None]
    monkeypatch.chdir(tmp_path)
    assert read(Path(name)) == [0.5, None]


@pytest.mark.parametrize("program", ["import os\nos.abort()\n", "print('short')\n", ""])
def test_a_program_that_ends_leaves_an_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    path = save(tmp_path / "a.parquet")
    with monkeypatch.context() as patch:
        instead(tmp_path, patch, program)
        with pytest.raises(Unreadable, match="ends the program that reads it"):
            read(path)
    assert read(path) == [1.0, None]


def test_a_program_that_was_ended_between_two_files_is_begun_anew(tmp_path: Path) -> None:
    path = save(tmp_path / "a.parquet")
    read(path)
    first = process()
    assert first is not None
    first.kill()
    first.wait()
    assert read(path) == [1.0, None]


def test_where_no_program_can_be_begun_it_is_said_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.parquet")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(Unreadable, match="no process could be started") as caught:
        read(path)
    assert "CSV" in caught.value.cure


def test_an_answer_that_is_not_awaited_is_not_taken_for_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.parquet")
    with monkeypatch.context() as patch:
        instead(tmp_path, patch, "import time\ntime.sleep(600)\n")
        asked = parquet.PROGRAM._running()
        with pytest.raises(OutOfTime), time_limit(0.3):
            read(path)
    assert asked.returncode is not None
    assert process() is None
    assert read(path) == [1.0, None]


def test_a_large_table_leaves_no_process_that_keeps_its_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_LARGE", 10)
    assert read(save(tmp_path / "a.parquet")) == [1.0, None]
    assert process() is None


def test_the_process_ends_with_the_one_that_it_reads_for(tmp_path: Path) -> None:
    path = save(tmp_path / "a.parquet")
    asking = [sys.executable, "-c", ASKS_AND_DIES, str(path)]
    done = subprocess.run(asking, capture_output=True, text=True, check=False)
    pid, waited = int(done.stdout), 0.0
    while Path(f"/proc/{pid}/stat").exists() and waited < 20.0:
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.05)
        waited += 0.05
    assert waited < 20.0
