"""For whoever looks at the same logs again and again: what did not change is not done again.

Two things are kept between two looks, both in this process: the result of each claim, used as it
is while its files stay as they were, and what was read of files that grow, gone on with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from advisor.caching.cache import Cache
from advisor.caching.memory import Memory
from advisor.execution.base import ClaimResult, Task
from advisor.execution.worker import ClaimExecutor, Plan
from advisor.executor import Progress
from advisor.reader import Claim, Reader, ResumingReader
from advisor.run import Run

LIMIT = 512 << 20
"""Bytes that all that was read of growing files may take; what grew longest ago goes first."""

FileState = tuple[int, int, int, int] | None
"""Size in bytes, time of change in ns, inode and device; ``None`` for a file that is not there."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """All that the result of a task can depend on, apart from the plugins."""

    plan: Plan
    growing: tuple[str, ...]
    states: tuple[FileState, ...]


class KeepingExecutor:
    """Carries out the tasks that changed since it was last asked, and knows the others' results.

    ``choose`` says how those are carried out. Readers in ``known`` depend on nothing but the
    files that they claim; the claims of all others are read at each look.
    """

    def __init__(
        self, choose: Callable[[Sequence[Task]], ClaimExecutor], known: AbstractSet[str]
    ) -> None:
        self._choose, self._known = choose, known
        self._kept: dict[tuple[Claim, str], tuple[_Stamp, ClaimResult]] = {}

    def run(self, plan: Plan, tasks: Sequence[Task], progress: Progress) -> Iterator[ClaimResult]:
        """Carry out the tasks and yield their results in order."""
        # Stamped before they are read: a file that grows meanwhile has another stamp next time.
        stamps = [_stamp(plan, task) for task in tasks]
        held = [self._held(task, stamp) for task, stamp in zip(tasks, stamps, strict=True)]
        changed = [task for task, result in zip(tasks, held, strict=True) if result is None]
        same = len(tasks) - len(changed)
        new = self._choose(changed).run(plan, changed, lambda done: progress(same + done))
        kept = {}
        for task, stamp, known in zip(tasks, stamps, held, strict=True):
            result = known or next(new)
            kept[task.claim, task.prefix] = stamp, result
            yield result
        next(new, None)  # lets it end: its processes, and the word that the last task is done
        self._kept = kept

    def _held(self, task: Task, stamp: _Stamp) -> ClaimResult | None:
        before = self._kept.get((task.claim, task.prefix))
        fits = before is not None and before[0] == stamp and task.claim.reader in self._known
        return before[1] if before and fits else None


def _stamp(plan: Plan, task: Task) -> _Stamp:
    return _Stamp(plan, task.growing, tuple(map(_state, task.claim.paths)))


def _state(path: Path) -> FileState:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev


class Memories:
    """What was read of the files of many claims, so that the next look reads what they grew by.

    Begins with what the cache holds of them, if there is one.
    """

    def __init__(self, cache: Cache | None = None, *, limit: int = LIMIT) -> None:
        self._cache, self._limit = cache, limit
        self._memories: dict[tuple[str, Path, str, str], Memory] = {}

    def runs(self, reader: Reader, claim: Claim) -> Iterable[Run]:
        """Return the runs of a claim as they are now. Raises what the reader raises."""
        if not isinstance(reader, ResumingReader):
            return reader.read(claim)
        # Known by its first file: a claim gains files, as a run does that was started again.
        key = (reader.name, claim.base, claim.root, min(claim.owned))
        memory = self._memories.pop(key, None) or self._begun(reader, claim)
        runs = memory.runs(reader, claim)
        self._memories[key] = memory
        self._forget()
        return runs

    def _begun(self, reader: ResumingReader, claim: Claim) -> Memory:
        if self._cache:
            with suppress(OSError):
                return self._cache.memory(reader, claim)
        return Memory()

    def _forget(self) -> None:
        """Forget what was looked at longest ago, until the rest fits the limit."""
        sizes = {key: _size(memory) for key, memory in self._memories.items()}
        total = sum(sizes.values())
        for key, size in sizes.items():
            if total <= self._limit:
                return
            total -= size
            del self._memories[key]


def _size(memory: Memory) -> int:
    columns = (c for one in memory.kept.values() for c in one.progress.columns.values())
    return sum(column.nbytes for column in columns)
