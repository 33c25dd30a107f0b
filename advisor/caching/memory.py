"""What was read of growing files, kept so that the next look at them costs what they grew by.

A file is gone on with only if it begins with the bytes that were read: one that was cut, written
anew or replaced, whatever its size and its times say, is read whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from advisor.caching.fingerprint import Changed, Fingerprint, Stream
from advisor.reader import Claim, Progress, ResumingReader
from advisor.run import Run


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The progress of one file, and the fingerprint of the bytes that it stands for."""

    progress: Progress
    fingerprint: str


class _Look(NamedTuple):
    """A file before it is read: its state, and the fingerprint of all of it."""

    state: tuple[int, ...]
    size: int
    fingerprint: str


class Memory:
    """What is known of the files of one claim. Ask it again and again while they grow."""

    def __init__(self, kept: Mapping[str, Kept] | None = None) -> None:
        self.kept = dict(kept or {})
        """By file, as the claim names it."""
        self.gained = 0
        """Bytes that the last reading added to what is kept."""

    def runs(self, reader: ResumingReader, claim: Claim) -> tuple[Run, ...]:
        """Return the runs of the claim as they are now. Raises what the reader raises."""
        looks = {file: self._look(claim.base / file, file) for file in claim.files}
        known = {file: self.kept[file] for file in claim.files if file in self.kept}
        progress = {file: one.progress for file, one in known.items()}
        self.gained = 0
        runs = tuple(reader.resume(claim, progress))
        self.kept = {}
        for file in {**known, **progress}:
            now = progress.get(file)
            offset = now.offset if now else 0
            fingerprint = _unchanged(claim.base / file, looks.get(file), offset)
            if fingerprint is None and file in known:
                self.kept = {}  # what was known may be that of a file that was just replaced
                return tuple(reader.read(claim))
            if fingerprint is not None and now is not None:
                self.kept[file] = Kept(now, fingerprint)
        before = sum(known[file].progress.offset for file in self.kept if file in known)
        self.gained = sum(one.progress.offset for one in self.kept.values()) - before
        return runs

    def _look(self, path: Path, file: str) -> _Look | None:
        """Look at a file before it is read, and forget it if it begins differently now."""
        mark = Fingerprint()
        try:
            with path.open("rb", buffering=0) as stream:
                state = _state(os.fstat(stream.fileno()))
                if file in self.kept and not _begins(stream, mark, self.kept[file]):
                    del self.kept[file]
                    mark = Fingerprint()
                return _Look(state, state[0], mark.upto(stream, state[0]))
        except (Changed, OSError):
            self.kept.pop(file, None)
            return None


def _begins(stream: Stream, mark: Fingerprint, kept: Kept) -> bool:
    """Whether a file begins with the bytes that were read of it."""
    try:
        return mark.upto(stream, kept.progress.offset) == kept.fingerprint
    except Changed:
        return False


def _unchanged(path: Path, look: _Look | None, offset: int) -> str | None:
    """Return the fingerprint of the first ``offset`` bytes of a file that was just read.

    ``None`` if what it held before was not there any more: who knows what was read.
    """
    if look is None:
        return None
    mark = Fingerprint()
    try:
        with path.open("rb", buffering=0) as stream:
            if offset == look.size and _state(os.fstat(stream.fileno())) == look.state:
                return look.fingerprint
            found = {end: mark.upto(stream, end) for end in sorted({offset, look.size})}
    except (Changed, OSError):
        return None
    return found[offset] if found[look.size] == look.fingerprint else None


def _state(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev
