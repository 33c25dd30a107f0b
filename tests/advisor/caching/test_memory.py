"""Files that grew, and files that only look like it."""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path

import pytest

from advisor.caching.memory import Memory
from advisor.reader import Claim, Progress
from advisor.run import Run
from advisor.testing.samples import claims_of
from advisor.walk import walk
from tests.advisor.testing.bad_readers import MARK, GoodResuming
from tests.growing import Watched, grow

DATA = MARK + b"\n" + b"".join(b"%d.5\n" % number for number in range(200))


class Noting(GoodResuming):
    """Notes where each reading begins."""

    def __init__(self) -> None:
        self.begins: list[int] = []

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        begins = [progress[file].offset if file in progress else 0 for file in claim.files]
        self.begins += begins
        return super().resume(claim, progress)

    def read(self, claim: Claim) -> Iterator[Run]:
        return GoodResuming().resume(claim, {})


@pytest.fixture
def reader() -> Noting:
    return Noting()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "loss.txt"
    path.write_bytes(DATA)
    return path


def test_each_look_begins_where_the_last_one_ended(reader: Noting, tmp_path: Path) -> None:
    grow(Watched(reader, tmp_path), tmp_path / "loss.txt", DATA, [30, 31, 500])
    ends = [DATA[:end].rfind(b"\n") + 1 for end in (30, 31, 500, len(DATA))]
    assert reader.begins[::2] == reader.begins[1::2] == [0, *ends]


def test_a_file_that_grew_is_gone_on_with_whatever_the_clock_says(
    reader: Noting, log: Path, tmp_path: Path
) -> None:
    watched = Watched(reader, tmp_path)
    watched.look()
    log.write_bytes(DATA + b"1.5\n")
    os.utime(log, ns=(1, 1))
    watched.look()
    assert reader.begins == [0, 0, len(DATA), len(DATA)]


@pytest.mark.parametrize(
    "content",
    [
        DATA[:300],
        DATA[:-4],
        DATA[:100] + b"7" + DATA[101:],
        DATA[:100] + b"7" + DATA[101:] + b"1.5\n",
        MARK + b"\n" + DATA[-len(DATA) + len(MARK) + 1 :][::-1],
        DATA[:50] + DATA[55:] + b"1.5\n" * 20,
    ],
    ids=["cut", "one line less", "same size", "changed and grown", "other content", "shifted"],
)
def test_what_begins_otherwise_is_read_whole_though_its_time_is_the_same(
    reader: Noting, log: Path, tmp_path: Path, content: bytes
) -> None:
    watched = Watched(reader, tmp_path)
    watched.look()
    before = log.stat()
    log.write_bytes(content)
    os.utime(log, ns=(before.st_atime_ns, before.st_mtime_ns))
    watched.look()
    assert reader.begins == [0, 0, 0, 0]


def test_another_file_put_in_its_place_is_gone_on_with_if_it_begins_alike(
    reader: Noting, log: Path, tmp_path: Path
) -> None:
    watched = Watched(reader, tmp_path)
    watched.look()
    copy = tmp_path / "copy"
    copy.write_bytes(DATA + b"1.5\n")
    copy.replace(log)
    watched.look()
    assert reader.begins == [0, 0, len(DATA), len(DATA)]


class Meanwhile(Noting):
    """Something happens to the file while it is read."""

    def __init__(self, after: bytes) -> None:
        super().__init__()
        self.after = after

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        runs = list(super().resume(claim, progress))
        claim.paths[0].write_bytes(self.after)
        yield from runs


def kept_after(reader: Noting, logs: Path) -> dict[str, int]:
    memory = Memory()
    for claim in claims_of(reader, walk(logs)):
        memory.runs(reader, claim)
    return {file: one.progress.offset for file, one in memory.kept.items()}


@pytest.mark.usefixtures("log")
def test_what_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    assert kept_after(Meanwhile(DATA[::-1]), tmp_path) == {}


@pytest.mark.usefixtures("log")
def test_what_grows_while_it_is_read_is_kept_as_far_as_it_was_read(tmp_path: Path) -> None:
    assert kept_after(Meanwhile(DATA + b"1.5\n"), tmp_path) == {"loss.txt": len(DATA)}


class Replaced(Noting):
    """The file is put in another's place between the look at it and its reading."""

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        claim.paths[0].write_bytes(MARK + b"\n" + b"9.5\n" * 300)
        return super().resume(claim, progress)


@pytest.mark.usefixtures("log")
def test_what_is_replaced_before_it_is_read_is_not_joined_to_what_was_there(tmp_path: Path) -> None:
    (claim,) = claims_of(Replaced(), walk(tmp_path))
    memory = Memory()
    memory.runs(Noting(), claim)
    (run,) = memory.runs(Replaced(), claim)
    assert {value for one in run.series.values() for value in one.values.tolist()} == {9.5}
    assert memory.kept == {}
