"""Reads what MLflow leaves on a disk: the file store (``mlruns/``) and the SQLite database.

``folders`` finds runs in a file store and ``lines`` reads their metrics; ``database`` opens a
database without writing to it and ``tables`` asks it. ``points`` makes series of either's points.
"""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.reader import Reader
from advisor.wording.catalogues import Translations
from advisor_mlflow.reader import MlflowDatabaseReader, MlflowFileReader


@hookimpl
def register_readers() -> tuple[Reader, ...]:
    """Return the readers of the file store and of the database."""
    return (MlflowFileReader(), MlflowDatabaseReader())


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
