"""Readers: from files to runs. A reader claims files by their content and reads what it claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy.typing as npt

from advisor.errors import system_reason
from advisor.language import term
from advisor.run import Run
from advisor.text import told
from advisor.walk import Listing


@dataclass(frozen=True, slots=True)
class Claim:
    """Files that one reader recognized as belonging together, named relative to ``base``."""

    reader: str
    root: str
    """The directory that names the run, relative to ``base``; ``.`` for ``base`` itself."""
    files: tuple[str, ...]
    """Relative to ``base``, sorted."""
    proof: str
    """What in the content showed it, in words: ``header crc of the first record``."""
    certainty: int = 50
    """0 to 100: of two readers that claim a file the surer one reads it. 90 and above means
    that the content can be nothing else; 50 that it has the form; 10 a last resort."""
    shared: tuple[str, ...] = ()
    """Those of ``files`` that other claims may read as well: settings that lie beside a log, as
    ``Listing.beside`` lists them."""
    base: Path = Path()
    """The LOGS argument; filled in by the engine."""

    @property
    def owned(self) -> frozenset[str]:
        """The files that no other claim may read."""
        return frozenset(self.files) - frozenset(self.shared)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The claimed files as they can be opened."""
        return tuple(self.base / file for file in self.files)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that bears the name of a log and is none, and what to do about it."""

    file: str
    """Relative to the LOGS argument."""
    reason: str
    cure: str


class Unreadable(Exception):
    """A claimed file cannot be read at all. ``reason`` says what was seen, ``cure`` what to do."""

    def __init__(self, file: str, reason: str, cure: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason, self.cure = file, reason, cure

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str, str]]:
        return Unreadable, (self.file, self.reason, self.cure)


def unopened(file: str, error: OSError) -> Unreadable:
    """Return what to raise for a claimed file that the system does not open or read."""
    reason = told("cannot be opened ({why:given})", why=system_reason(error))
    return Unreadable(file, reason, term("make it readable, then run again"))


def whole_file(base: Path, file: str) -> bytes:
    """Return the bytes of ``file``, relative to ``base``. Raises ``Unreadable``."""
    try:
        return (base / file).read_bytes()
    except OSError as error:
        raise unopened(file, error) from error


@runtime_checkable
class Reader(Protocol):
    """One log format."""

    name: str
    """Permanent, kebab-case: ``tensorboard``."""
    summary: str
    """What it reads, in one line."""

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Look at names and the first bytes of files, and claim what is this format.

        Must not raise on any content, and must not import a heavy library.
        """
        ...

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the runs of a claim. Raises ``Unreadable`` if nothing can be had from it.

        What is damaged is left out and noted on the run; nothing is repaired.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a file was read, and what its reader needs to go on from there."""

    offset: int
    """The bytes of the file that this stands for. Whatever may turn out differently once the file
    is longer lies behind them: a line, a record or a checksum of which only a part is there."""
    words: Mapping[str, Any]
    """What JSON can hold, whatever the reader wants to find again: it alone looks at it."""
    columns: Mapping[str, npt.NDArray[Any]]
    """Numbers, one-dimensional arrays; they come back read-only."""


@runtime_checkable
class ResumingReader(Reader, Protocol):
    """A reader of files that grow at their end, which reads only what was added.

    Who calls ``resume`` keeps the progress, in memory or on disk, and answers for it: a file is
    in ``progress`` only while it begins with the same bytes. All else is the reader's promise,
    which ``advisor.testing`` checks: read in pieces, cut anywhere, a log gives the same runs.
    """

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        """Read the runs of a claim as ``read`` does, of a file in ``progress`` the new bytes.

        Replaces the entry of each file by what it knows once it has read it. A file may be left
        out: it is then read whole the next time. Raises ``Unreadable`` where ``read`` does.
        """
        ...
