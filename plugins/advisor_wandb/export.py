"""Histories that people saved: `run.history()` or `run.scan_history()` as a file of rows.

However it is stored, a row has W&B's own columns beside what was logged. That and not the name
of the file shows what it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from advisor.formats.tables.reading import head
from advisor.formats.tables.table import header
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Refusal, Unreadable
from advisor.run import Run, Steps
from advisor.text import told
from advisor.walk import File, Listing
from advisor_wandb import rows
from advisor_wandb.history import RUNTIME, STEP, TIMESTAMP, History

SAMPLE = 500
"""Rows that ``run.history()`` draws unless told otherwise
(https://docs.wandb.ai/ref/python/public-api/run#history)."""
_RUNS = ("run", "run_id", "run_name", "name", "run.name", "run.id")
"""Columns by which people tell apart the runs whose histories they put into one file."""
_INDEX = ("", "Unnamed: 0", "index")
"""The number of the row, as pandas saves it."""
_SYSTEM = ("system.", "system/")
"""Measurements of the machine, not of the training."""
_ROW = re.compile(rb'^\s*\{.*"_step"\s*:', re.DOTALL)
_TIMED = re.compile(rb'"_(timestamp|runtime)"\s*:')
_LONGEST_FOOTER = 1 << 22


class WandbHistoryReader:
    """Histories that people saved from the API: a row per step, with W&B's own columns."""

    name = "wandb-history"
    summary = "W&B histories saved as CSV, JSON lines or Parquet"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim files whose rows have a ``_step`` and a time as W&B gives it."""
        return claims(listing, self.name)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the runs of a file. Raises ``Unreadable`` if it holds no number."""
        return read(claim)


def claims(listing: Listing, reader: str) -> Iterator[Claim | Refusal]:
    """Claim the files whose columns only a history has."""
    found = [file.path for file in listing.files if _fits(file)]
    stems = Counter(_stem(path) for path in found)
    for path in found:
        # Where one history was saved in two forms, each is named with its suffix.
        root = _stem(path) if stems[_stem(path)] == 1 else path
        yield Claim(reader, root, (path,), "rows with W&B's own _step and time", certainty=95)


def read(claim: Claim) -> Iterator[Run]:
    """Yield the run of a file, or a run for each name in a column that names runs."""
    (file,) = claim.files
    taken = rows.read(claim.base, file)
    histories: dict[str, History] = {}
    for row in taken.rows:
        label = _label(row)
        histories.setdefault(label, History()).add(_items(row))
    some = False
    for label, history in histories.items():
        series = history.series()
        if series:
            some = True
            notes = (*taken.notes, *_sampled(history.steps), *history.notes(series))
            name = f"{claim.root}#{label}" if label and len(histories) > 1 else claim.root
            yield Run(name, series, {}, term("W&B history export"), claim.files, notes)
    if not some:
        why = term("holds no number besides W&B's own columns")
        raise Unreadable(file, why, term("export the history with the keys that were logged"))


def _label(row: Mapping[str, Any]) -> str:
    """Return the name of the run that a row is of, if it says so."""
    for name in _RUNS:
        if isinstance(row.get(name), str):
            return str(row[name])
    return ""


def _items(row: Mapping[str, Any]) -> list[tuple[tuple[str, ...], Any]]:
    return [
        ((name,), value)
        for name, value in row.items()
        if name not in _INDEX and not name.startswith(_SYSTEM)
    ]


def _sampled(steps: Steps) -> Iterator[Note]:
    """Note a history of as many rows as are drawn by default, if steps are left out anyhow.

    A run that logged that often, or every so many steps, has gaps of one size.
    """
    gaps = np.diff(steps)
    if len(steps) == SAMPLE and len(np.unique(gaps)) > 1:
        why = told("run.history() draws {n:step} rows; run.scan_history() returns all", n=SAMPLE)
        yield note(NoteKind.SAMPLED, why=why)


def _fits(file: File) -> bool:
    fits = _FITS.get(_suffix(file.name))
    return fits is not None and fits(file)


def _suffix(path: str) -> str:
    return path[path.rfind(".") :].lower()


def _stem(path: str) -> str:
    return path[: -len(_suffix(path))] or path


def _table_fits(file: File) -> bool:
    data = head(file)
    names = header(data, whole=len(data) == file.size)
    return STEP in names and not {TIMESTAMP, RUNTIME}.isdisjoint(names)


def _lines_fit(file: File) -> bool:
    return _ROW.search(file.head) is not None and _TIMED.search(file.head) is not None


def _parquet_fits(file: File) -> bool:
    """Look for W&B's columns in the footer, where the names of all columns stand."""
    if not file.head.startswith(rows.PARQUET):
        return False
    try:
        with file.absolute.open("rb") as stream:
            stream.seek(-8, 2)
            size = int.from_bytes(stream.read(4), "little")
            stream.seek(-8 - min(size, _LONGEST_FOOTER, file.size - 8), 2)
            footer = stream.read(_LONGEST_FOOTER)
    except OSError:
        return False
    return STEP.encode() in footer and (TIMESTAMP.encode() in footer or RUNTIME.encode() in footer)


_FITS = {
    ".csv": _table_fits,
    ".tsv": _table_fits,
    ".jsonl": _lines_fit,
    ".ndjson": _lines_fit,
    ".parquet": _parquet_fits,
}
