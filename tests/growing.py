"""Logs that grow: after every step, what goes on where it ended gives what reads all anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from advisor.caching.memory import Memory
from advisor.caching.packing import pack_kept, unpack_kept
from advisor.reader import Claim, ResumingReader, Unreadable
from advisor.run import Run
from advisor.testing.samples import claims_of, content_of
from advisor.walk import walk


class Watched:
    """A directory that is looked at again and again.

    What is kept goes to disk and back; beside it the same is kept in memory all the time.
    """

    def __init__(self, reader: ResumingReader, logs: Path) -> None:
        self._reader, self._logs = reader, logs
        self.memories: dict[str, Memory] = {}
        self._live: dict[str, Memory] = {}

    def look(self) -> list[Run]:
        """Read all claims both ways, compare, and return the runs."""
        runs: list[Run] = []
        for claim in claims_of(self._reader, walk(self._logs)):
            runs += self._look(claim)
        return runs

    def _look(self, claim: Claim) -> list[Run]:
        memory = self.memories.get(claim.root, Memory())
        whole, why = _outcome(lambda: self._reader.read(claim))
        runs, reason = _outcome(lambda: memory.runs(self._reader, claim))
        assert [content_of(run) for run in runs] == [content_of(run) for run in whole]
        assert reason == why
        live = self._live.setdefault(claim.root, Memory())
        same, reason = _outcome(lambda: live.runs(self._reader, claim))
        assert [content_of(run) for run in same] == [content_of(run) for run in whole]
        assert reason == why
        self.memories[claim.root] = Memory(unpack_kept(pack_kept(memory.kept)))
        return whole

    @property
    def kept(self) -> Mapping[str, int]:
        """How far each file was read, where that is kept."""
        return {
            file: one.progress.offset
            for memory in self.memories.values()
            for file, one in memory.kept.items()
        }


def grow(watched: Watched, path: Path, data: bytes, ends: Iterable[int]) -> None:
    """Let a file grow to each of ``ends``, and look each time, at the end twice."""
    for end in (*sorted(ends), len(data), len(data)):
        path.write_bytes(data[:end])
        watched.look()


def _outcome(read: Callable[[], Iterable[Run]]) -> tuple[list[Run], str]:
    """Return the runs, and why there are none."""
    try:
        return list(read()), ""
    except Unreadable as refused:
        return [], str(refused)
