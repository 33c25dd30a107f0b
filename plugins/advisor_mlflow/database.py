"""Opening an SQLite database that may be in use, without writing a byte beside it.

SQLite itself would: a reader of a database in WAL mode makes ``-shm`` and ``-wal`` files, and one
that finds an unfinished transaction rolls it back (sqlite.org/wal.html, sqlite.org/uri.html).
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

MAGIC = b"SQLite format 3\0"
PENDING = ("-wal", "-journal")
"""Suffixes of the files that hold what is not, or not only, in the database itself."""
_WAL_MODE, _WAL = 18, 2
"""The byte of the header that says how transactions are kept, and its value for WAL."""
_TABLES = frozenset({"experiments", "runs", "metrics", "params"})


def is_store(database: sqlite3.Connection) -> bool:
    """Tell whether a database has MLflow's tables. Raises ``sqlite3.Error``."""
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {name for (name,) in rows} >= _TABLES


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for reading; what is pending beside it is seen as well.

    Raises ``sqlite3.Error`` or ``OSError``.
    """
    pending = [side for side in map(path.with_name, _names(path)) if _filled(side)]
    if not pending:
        # Without a log to merge, nothing in WAL mode needs shared memory: it can be read as is.
        how = "immutable=1" if _in_wal_mode(path) else "mode=ro"
        with closing(_connect(path, how)) as database:
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="advisor-") as folder:
        copy = Path(folder) / "store"
        shutil.copyfile(path, copy)
        for side in pending:
            shutil.copyfile(side, copy.with_name(copy.name + side.name.removeprefix(path.name)))
        with closing(_connect(copy, "mode=rw")) as database:
            yield database


def _names(path: Path) -> list[str]:
    return [path.name + suffix for suffix in PENDING]


def _connect(path: Path, how: str) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
    # A name that is no UTF-8 is shown as far as it can be.
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    return database


def _filled(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _in_wal_mode(path: Path) -> bool:
    with path.open("rb") as stream:
        header = stream.read(_WAL_MODE + 1)
    return len(header) > _WAL_MODE and header[_WAL_MODE] == _WAL
