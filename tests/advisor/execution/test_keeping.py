"""What did not change is not read again, and what grew is read from where it ended."""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.caching.cache import Cache
from advisor.claims import Filters, find_tasks
from advisor.execution import (
    ClaimExecutor,
    ClaimResult,
    KeepingExecutor,
    Memories,
    Plan,
    SerialExecutor,
    Task,
)
from advisor.manager import load_plugins
from advisor.reader import Claim, Progress
from advisor.run import Run
from advisor.settings import Settings
from advisor.testing.samples import claims_of
from advisor.walk import walk
from tests.advisor.testing.bad_readers import MARK, GoodResuming
from tests.support import FALLING, write_csv_run

LOG = MARK + b"\n" + b"".join(b"%d.5\n" % number for number in range(200))


class Looks:
    """Looks at logs again and again, and knows what each look did."""

    def __init__(self, logs: Path, known: frozenset[str] | None = None) -> None:
        self._logs = logs
        self._plugins = load_plugins()
        builtin = frozenset(self._plugins.builtin_readers)
        self._executor = KeepingExecutor(self._chosen, builtin if known is None else known)
        self.carried_out: list[str] = []

    def _chosen(self, tasks: Sequence[Task]) -> ClaimExecutor:
        self.carried_out = [task.claim.root for task in tasks]
        return SerialExecutor(self._plugins)

    def look(self, plan: Plan | None = None, growing: bool = False) -> list[ClaimResult]:
        tasks = find_tasks([self._logs], self._plugins.readers.values(), Filters()).tasks
        if growing:
            tasks = [replace(task, growing=task.claim.files) for task in tasks]
        given = plan or Plan(Settings())
        done: list[int] = []
        found = list(self._executor.run(given, tasks, done.append))
        assert found == list(SerialExecutor(self._plugins).run(given, tasks, lambda _done: None))
        assert done == sorted(done)
        assert not done or done[-1] == len(tasks)
        return found


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for name in "abc":
        write_csv_run(tmp_path / name)
    return tmp_path


def test_only_the_run_that_grew_is_carried_out_again(logs: Path) -> None:
    looks = Looks(logs)
    looks.look()
    assert looks.carried_out == ["a", "b", "c"]
    looks.look()
    assert looks.carried_out == []
    write_csv_run(logs / "b", train__loss=(*FALLING, 0.1))
    found = looks.look()
    assert looks.carried_out == ["b"]
    assert [result.runs[0].summary.points for result in found] == [120, 122, 120]


def test_runs_come_and_go(logs: Path) -> None:
    looks = Looks(logs)
    looks.look()
    (logs / "a" / "metrics.csv").unlink()
    write_csv_run(logs / "d")
    looks.look()
    assert looks.carried_out == ["d"]
    write_csv_run(logs / "a")
    looks.look()
    assert looks.carried_out == ["a"]


def test_a_file_of_the_same_size_and_time_is_told_by_its_inode(logs: Path) -> None:
    looks = Looks(logs)
    looks.look()
    file = logs / "a" / "metrics.csv"
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    other = logs / "other"
    other.write_bytes(file.read_bytes())
    os.utime(other, ns=times)
    other.replace(file)
    looks.look()
    assert looks.carried_out == ["a"]


def test_another_plan_or_the_end_of_growth_is_judged_anew(logs: Path) -> None:
    looks = Looks(logs)
    looks.look(growing=True)
    looks.look()
    assert looks.carried_out == ["a", "b", "c"]
    looks.look(Plan(Settings(), buckets=60))
    assert looks.carried_out == ["a", "b", "c"]


def test_a_reader_of_which_nobody_knows_what_it_looks_at_is_always_asked(logs: Path) -> None:
    looks = Looks(logs, known=frozenset())
    looks.look()
    looks.look()
    assert looks.carried_out == ["a", "b", "c"]


class Noting(GoodResuming):
    """Notes where each reading begins."""

    def __init__(self) -> None:
        self.begins: list[int] = []

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        self.begins += [progress[file].offset if file in progress else 0 for file in claim.files]
        return super().resume(claim, progress)


def _claim(logs: Path) -> Claim:
    [claim] = claims_of(GoodResuming(), walk(logs))
    return claim


def test_what_is_remembered_of_a_growing_file_is_gone_on_with(tmp_path: Path) -> None:
    reader, memories = Noting(), Memories()
    for end in (100, 300, len(LOG)):
        (tmp_path / "loss.txt").write_bytes(LOG[:end])
        list(memories.runs(reader, _claim(tmp_path)))
    assert reader.begins == [0, *(LOG[:end].rfind(b"\n") + 1 for end in (100, 300))]


def test_the_first_reading_goes_on_with_what_the_cache_holds(tmp_path: Path) -> None:
    logs, reader = tmp_path / "logs", Noting()
    logs.mkdir()
    (logs / "loss.txt").write_bytes(LOG[:500])
    cache = Cache(tmp_path / "cache", smallest=0)
    list(cache.runs(reader, _claim(logs)))
    (logs / "loss.txt").write_bytes(LOG)
    list(Memories(cache).runs(reader, _claim(logs)))
    assert reader.begins == [0, LOG[:500].rfind(b"\n") + 1]


def test_what_grew_longest_ago_is_forgotten_first(tmp_path: Path) -> None:
    reader, memories = Noting(), Memories(limit=10 * 200)
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "loss.txt").write_bytes(LOG)
    claims = list(claims_of(reader, walk(tmp_path)))
    for claim in (*claims, *reversed(claims)):
        list(memories.runs(reader, claim))
    assert reader.begins == [0, 0, len(LOG), 0]
