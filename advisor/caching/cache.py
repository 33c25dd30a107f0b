"""What was read before need not be read again: runs kept in the user's cache directory.

A claim is known again by its reader, by the code that reads, and by the content of its files.
Of a reader that can go on in a file that grew, a claim is known by where it lies, and what is kept
of each file says which bytes it stands for: one entry a claim, however often its files grow.
Nothing here changes what a report says: a file that is damaged, cut, or of another version is as
good as none, and what cannot be kept is read anew the next time. As the logs themselves, entries
can hold secrets: only their user can read them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np

from advisor.caching.fingerprint import WHOLE, Fingerprint
from advisor.caching.memory import Memory
from advisor.caching.packing import Arrays, pack, pack_kept, unpack, unpack_kept
from advisor.reader import Claim, Reader, ResumingReader
from advisor.run import Run
from advisor.version import __version__

FORMAT = 2
"""Of the entries; entries of another format are never looked up."""
LIMIT = 1 << 30
"""Bytes that all entries may take together; the ones not used for longest go first."""
SMALLEST = 1 << 18
"""Bytes of logs below which reading takes no longer than looking up."""
SHARE = 16
"""Growth below this share of what is kept is read again rather than kept: to write an entry costs
about as much."""
T = TypeVar("T")


def folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path | None:
    """Return where this system keeps what programs can do without; ``None`` if it has no place.

    https://specifications.freedesktop.org/basedir-spec (a relative path there is no path).
    """
    if platform == "win32":
        base = environ.get("LOCALAPPDATA", "")
    elif platform == "darwin":
        base = _below_home(environ, "Library", "Caches")
    else:
        base = environ.get("XDG_CACHE_HOME", "")
        base = base if os.path.isabs(base) else _below_home(environ, ".cache")  # noqa: PTH117  # "" is no path
    return Path(base, "advisor") if base else None


def _below_home(environ: Mapping[str, str], *parts: str) -> str:
    home = environ.get("HOME", "")
    return str(Path(home, *parts)) if home else ""


class Cache:
    """Runs by the content of the files that they were read from. Safe for several processes."""

    def __init__(self, place: Path, *, limit: int = LIMIT, smallest: int = SMALLEST) -> None:
        self._place, self._limit, self._smallest = place, limit, smallest

    def runs(self, reader: Reader, claim: Claim) -> Iterable[Run]:
        """Return the runs of a claim: kept ones if there are any, else read and kept ones.

        Raises what the reader raises.
        """
        try:
            before = _states(claim.paths)
            if sum(size for size, _ in before) < self._smallest:
                return reader.read(claim)
            if isinstance(reader, ResumingReader):
                return self._resumed(reader, claim)
            entry = self._entry(_key(reader, claim))
        except OSError:
            return reader.read(claim)
        found = _load(entry, unpack)
        if found is None:
            found = tuple(reader.read(claim))
            with suppress(OSError):
                # A log that grew meanwhile is not what the key says.
                if _states(claim.paths) == before:
                    self._keep(entry, pack, found)
        return found

    def memory(self, reader: ResumingReader, claim: Claim) -> Memory:
        """Return what is kept of the files of a claim, to go on with in this process."""
        return Memory(_load(self._entry(_address(reader, claim)), unpack_kept))

    def _entry(self, name: str) -> Path:
        return self._place / f"{name}.npz"

    def _resumed(self, reader: ResumingReader, claim: Claim) -> tuple[Run, ...]:
        """Read what the files of a claim grew by, and keep what is then known of them."""
        entry = self._entry(_address(reader, claim))
        memory = Memory(_load(entry, unpack_kept))
        runs = memory.runs(reader, claim)
        if memory.gained * SHARE > sum(one.progress.offset for one in memory.kept.values()):
            with suppress(OSError):
                self._keep(entry, pack_kept, memory.kept)
        return runs

    def _keep(self, entry: Path, packed: Callable[[T], Arrays], found: T) -> None:
        """Write an entry in one go, unless it would not come back as it was."""
        try:
            arrays = packed(found)
        except ValueError:
            return
        if 4 * sum(array.nbytes for array in arrays.values()) > self._limit:
            return
        self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(entry, arrays)
        self._tidy()

    def _tidy(self) -> None:
        """Delete what was not used for longest, until all fits the limit."""
        files = []
        for path in self._place.iterdir():
            with suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime_ns, path, status.st_size))
        total = sum(size for _, _, size in files)
        for _, path, size in sorted(files):
            if total <= self._limit:
                return
            total -= size
            with suppress(OSError):
                path.unlink()


def _write(entry: Path, arrays: Arrays) -> None:
    number, name = tempfile.mkstemp(dir=entry.parent, suffix=".part")
    try:
        with os.fdopen(number, "wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]  # numpy's stub takes a name for a flag
        Path(name).replace(entry)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _load(entry: Path, unpacked: Callable[[Arrays], T]) -> T | None:
    """Return what an entry holds; ``None`` if there is none, or none of use, which is deleted."""
    try:
        with entry.open("rb") as stream:
            found = unpacked(_arrays(stream))
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001  # the file may hold anything
        with suppress(OSError):
            entry.unlink()
        return None
    with suppress(OSError):
        os.utime(entry)
    return found


def _arrays(stream: BinaryIO) -> Arrays:
    """Read the arrays; never more than the file holds. Raises all that numpy and zipfile raise."""
    with zipfile.ZipFile(stream) as archive:
        if any(info.compress_type != zipfile.ZIP_STORED for info in archive.infolist()):
            raise ValueError("compressed, which advisor never writes")
    stream.seek(0)
    with np.load(stream, allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


def _states(paths: Iterable[Path]) -> list[tuple[int, int]]:
    return [(status.st_size, status.st_mtime_ns) for status in (path.stat() for path in paths)]


def _key(reader: Reader, claim: Claim) -> str:
    """Return the name of an entry: all that the result of reading can depend on."""
    made = _begun(reader, claim.root, claim.files, claim.shared, claim.proof)
    for path in claim.paths:
        made.update(_content(path).encode())
    return made.hexdigest()


def _address(reader: Reader, claim: Claim) -> str:
    """Return the name of an entry that tells by itself which files it stands for."""
    return _begun(reader, os.path.realpath(claim.base), claim.root).hexdigest()


def _begun(reader: Reader, *more: object) -> blake2b:
    package = type(reader).__module__.partition(".")[0]
    code = (FORMAT, __version__, reader.name, _code("advisor"), _code(package))
    return blake2b(repr((*code, *more)).encode("utf-8", "backslashreplace"), digest_size=20)


@cache
def _code(package: str) -> str:
    """Return what changes with the code of a package, released or not."""
    source = getattr(sys.modules[package], "__file__", None) or ""
    files = sorted(Path(source).parent.rglob("*.py")) if source else []
    return repr(_states(files))


def _content(path: Path) -> str:
    """Return what tells the content of a file from any other; of a large one also its time."""
    with path.open("rb", buffering=0) as stream:
        status = os.fstat(stream.fileno())
        changed = status.st_mtime_ns if status.st_size > WHOLE else ""
        return f"{Fingerprint().upto(stream, status.st_size)}{changed}"
