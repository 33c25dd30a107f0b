"""How much memory a child and all that it started use, and which processes are still there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def session(leader: int) -> Iterator[int]:
    """Yield the processes of a session, zombies left out; nothing where there is no /proc."""
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                fields = _fields(entry)
                if int(fields[3]) == leader and fields[0] != "Z":
                    yield int(entry.name)


def children(parent: int) -> Iterator[int]:
    """Yield the children of a process, ended ones too; nothing where there is no /proc."""
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdecimal():
            with suppress(OSError, ValueError, IndexError):
                if int(_fields(entry)[1]) == parent:
                    yield int(entry.name)


def megabytes(leader: int) -> float:
    """Return the resident memory of a session in MB; what its members share counts once.

    Zero where there is no /proc.
    """
    page = os.sysconf("SC_PAGE_SIZE")
    pages = 0
    for pid in session(leader):
        with suppress(OSError, ValueError, IndexError):
            counts = (_PROC / str(pid) / "statm").read_text().split()
            pages += int(counts[1]) - (0 if pid == leader else int(counts[2]))
    return pages * page / 1e6


def _fields(entry: Path) -> list[str]:
    """Return what /proc says of a process after its name: its state, parent, group, session."""
    return (entry / "stat").read_text().rpartition(")")[2].split()
