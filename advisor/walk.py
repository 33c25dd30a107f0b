"""The one walk over a log directory.

No link is followed below LOGS: one that stays inside the tree points at something that is listed
under its own name, so that a loop ends and a ``latest-run`` link does not count a run again; one
that leads out of the tree, or nowhere, is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from advisor.errors import system_reason
from advisor.language import term
from advisor.text import told

HEAD = 4096
"""Bytes of a file that may be looked at to recognize it."""

NEVER_LOGS = frozenset({".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__"})
"""Directories that are not entered: version control, environments and caches."""

_LOG_NAME = re.compile(
    r"tfevents|\.(csv|tsv|json|jsonl|ndjson|log|txt|out|err|wandb|db|sqlite|parquet|ya?ml)$", re.I
)
"""Names of what may be a log, as far as something that cannot be read is worth a word."""
_NO_FILE = (
    term("a pipe, a socket or a device, not a file"),
    term("let the training write to a file, then run again"),
)

CLIENT_LOGS = frozenset({"debug.log", "debug-core.log", "debug-internal.log"})
"""Links to what W&B's client says of itself, one of them out of every run folder. They never
lead to telemetry, so where they lead is not worth a word."""


@dataclass(frozen=True)
class File:
    """One regular file of the tree."""

    path: str
    """Relative to the LOGS argument, ``/`` between parts."""
    absolute: Path
    size: int
    """Bytes."""
    modified: float
    """Seconds since 1970."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The directory, relative to the LOGS argument; ``.`` for LOGS itself."""
        return self.path.rpartition("/")[0] or "."

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the file, at most ``HEAD``; empty if it cannot be opened."""
        try:
            with self.absolute.open("rb") as stream:
                return stream.read(HEAD)
        except OSError:
            return b""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A place that the walk did not enter, or a file it could not open, and why."""

    path: str
    reason: str
    cure: str


@dataclass
class Listing:
    """Everything under one LOGS argument, sorted by path."""

    base: Path
    files: list[File] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    named: bool = False
    """LOGS is itself a file, and the only one listed."""

    @cached_property
    def around(self) -> Listing:
        """Where settings beside a log are looked for: the directory of a LOGS that is a file.

        All other files there may tell whose they are, and belong to no claim. Otherwise, this.
        """
        return _directory(self.base) if self.named else self

    @cached_property
    def by_path(self) -> dict[str, File]:
        """The files by their relative path."""
        return {file.path: file for file in self.files}

    @cached_property
    def folders(self) -> dict[str, list[File]]:
        """The files by the directory they lie in."""
        found: dict[str, list[File]] = {}
        for file in self.files:
            found.setdefault(file.folder, []).append(file)
        return found

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """The names of the files by the directory they lie in."""
        return {
            folder: frozenset(file.name for file in files) for folder, files in self.folders.items()
        }

    def beside(self, folder: str) -> Sequence[File]:
        """Return the files of a directory, among which settings of a log in it may lie."""
        return self.around.folders.get(folder, ())


def real(path: Path) -> Path:
    """Return where a path leads. Unlike ``Path.resolve`` this raises for no circle of links."""
    return Path(os.path.realpath(path))


def walk(logs: Path) -> Listing:
    """List the files under ``logs``, or ``logs`` itself if it is a file.

    Raises ``FileNotFoundError`` if there is nothing at ``logs``.
    """
    if logs.is_file():
        listing = Listing(logs.parent, named=True)
        _add(listing, logs.name, logs)
        return listing
    if not logs.exists():
        raise FileNotFoundError(logs)
    if not logs.is_dir():
        return Listing(logs.parent, skipped=[Skipped(logs.name, *_NO_FILE)], named=True)
    listing = Listing(logs)
    _list(listing, real(logs))
    listing.files.sort(key=lambda file: file.path)
    listing.skipped.sort(key=lambda skip: skip.path)
    return listing


def _directory(folder: Path) -> Listing:
    """List the files of ``folder`` itself; links are left out, as everywhere."""
    listing = Listing(folder)
    for entry in _scan(listing, ".", folder):
        if entry.is_file(follow_symlinks=False):
            _add(listing, entry.name, Path(entry.path))
    listing.files.sort(key=lambda file: file.path)
    return listing


def _list(listing: Listing, top: Path) -> None:
    """List what lies below; directories nest deeper than calls may."""
    waiting = [(".", listing.base)]
    while waiting:
        relative, folder = waiting.pop()
        for entry in _scan(listing, relative, folder):
            path = entry.name if relative == "." else f"{relative}/{entry.name}"
            if entry.is_symlink():
                _link(listing, path, Path(entry.path), top)
            elif entry.is_dir():
                if entry.name not in NEVER_LOGS:
                    waiting.append((path, Path(entry.path)))
            elif entry.is_file():
                _add(listing, path, Path(entry.path))
            elif _LOG_NAME.search(entry.name):
                _skip(listing, path, *_NO_FILE)


def _scan(listing: Listing, relative: str, folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError as error:
        _skip(
            listing,
            relative,
            told("cannot be listed ({why:given})", why=system_reason(error)),
            term("make it readable, then run again"),
        )


def _link(listing: Listing, path: str, link: Path, top: Path) -> None:
    if link.name in CLIENT_LOGS:
        return
    target = real(link)
    if not target.is_relative_to(top):
        what = term("a link that leads out of the tree")
        _skip(listing, path, what, term("name its target as LOGS"))
    elif not os.path.exists(target):  # noqa: PTH110  # Path.exists raises on names too long
        what = term("a link that leads nowhere")
        _skip(listing, path, what, term("mend the link, or delete it"))


def _add(listing: Listing, path: str, absolute: Path) -> None:
    try:
        status = absolute.stat()
        with absolute.open("rb"):
            pass
    except OSError as error:
        _skip(
            listing,
            path,
            told("cannot be opened ({why:given})", why=system_reason(error)),
            term("make it readable, then run again"),
        )
        return
    listing.files.append(File(path, absolute, status.st_size, status.st_mtime))


def _skip(listing: Listing, path: str, reason: str, cure: str) -> None:
    listing.skipped.append(Skipped(path, reason, cure))
