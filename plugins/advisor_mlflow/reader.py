"""The readers: of the file store, and of the SQLite database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from advisor.errors import system_reason
from advisor.language import term
from advisor.reader import Claim, Refusal, Unreadable
from advisor.run import Run
from advisor.text import told
from advisor.walk import File, Listing
from advisor_mlflow import folders, runfolder, tables
from advisor_mlflow.database import MAGIC, PENDING, is_store, opened
from advisor_mlflow.left_out import DELETED, EMPTY, LeftOut

_CURE = term("copy it again while no training writes to it, or run `mlflow db upgrade` on it")


class MlflowFileReader:
    """Runs as files: a folder for each, with a file for each metric and parameter."""

    name = "mlflow"
    summary = "MLflow file stores (`mlruns/`)"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the folders of runs; say which runs are deleted or logged nothing."""
        return folders.claims(listing, self.name)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the one run of a claim. Raises ``Unreadable`` if it holds no point."""
        yield runfolder.read(claim)


class MlflowDatabaseReader:
    """Runs in the tables of one database. It is never written to."""

    name = "mlflow-database"
    summary = "MLflow databases (SQLite, `mlflow.db`)"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the databases that have MLflow's tables."""
        for file in listing.files:
            if file.head.startswith(MAGIC):
                yield from self._claim(file, listing)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the runs of a database. Raises ``Unreadable`` if it cannot be asked."""
        file = _store(claim)
        try:
            with opened(claim.base / file) as database:
                yield from tables.runs(database, claim.root, file, claim.files)
        except DAMAGED as error:
            raise Unreadable(
                file, told("cannot be read ({why:given})", why=_why(error)), _CURE
            ) from error

    def _claim(self, file: File, listing: Listing) -> Iterator[Claim | Refusal]:
        left_out = LeftOut()
        found = _look(file)
        if found is None or isinstance(found, Refusal):
            yield from () if found is None else (found,)
            return
        for row in found:
            if row.deleted or not row.logged:
                left_out.add(DELETED if row.deleted else EMPTY, file.path, f"{file.path}#{row.id}")
        if any(row.logged and not row.deleted for row in found):
            pending = (path for end in PENDING if (path := file.path + end) in listing.by_path)
            files = tuple(sorted((file.path, *pending)))
            yield Claim(self.name, file.path, files, "the tables of an MLflow database", 95)
        elif not found:
            yield Refusal(file.path, term("an MLflow database without runs"), EMPTY.cure)
        yield from left_out.refusals()


DAMAGED = (OSError, sqlite3.Error, UnicodeError)
"""What asking a damaged database raises; the last where Python decodes SQLite's own message."""


def _look(file: File) -> list[tables.Row] | Refusal | None:
    """List the runs of a database; ``None`` if it is not MLflow's, or damaged from the start."""
    ours = False
    try:
        with opened(file.absolute) as database:
            ours = is_store(database)
            return tables.rows(database) if ours else None
    except DAMAGED as error:
        reason = told("an MLflow database that cannot be read ({why:given})", why=_why(error))
        return Refusal(file.path, reason, _CURE) if ours else None


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return term("a name in its schema is no UTF-8")
    if isinstance(error, OSError):
        return system_reason(error)
    return str(error)


def _store(claim: Claim) -> str:
    return min(claim.files, key=len)
