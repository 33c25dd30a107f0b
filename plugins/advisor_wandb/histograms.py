"""All histograms of a run, whoever logged them: listed in one pass, decoded on request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path as File
from typing import NamedTuple

from advisor.formats.histogram import Histogram, Histograms
from advisor.formats.protobuf import WireError
from advisor.language import term
from advisor.reader import Unreadable
from advisor.text import told
from advisor_wandb import records
from advisor_wandb.history import History
from advisor_wandb.logfile import LogFile, Record, Settled
from advisor_wandb.records import Item, Path
from advisor_wandb.watched import histogram, logged


class _Place(NamedTuple):
    """Where one histogram is: its file, that as shown, the offset of its row, its path there."""

    path: File
    file: str
    offset: int
    key: Path


class _Listing:
    """The rows of a run, and where in them the histograms of each tag are."""

    def __init__(self) -> None:
        self.history = History()
        self._rows: dict[str, list[int]] = {}
        self._places: dict[str, list[_Place]] = {}

    def add(self, path: File, file: str) -> None:
        """Look through a file. Raises ``OSError``."""
        own, reader = History(), records.RowReader()
        with path.open("rb") as stream:
            for record in LogFile(stream):
                row = _row(record, reader)
                if row is not None:
                    for key in logged(row[1]):
                        tag = ".".join(key)
                        self._rows.setdefault(tag, []).append(len(self.history) + len(own))
                        place = _Place(path, file, record.offset, key)
                        self._places.setdefault(tag, []).append(place)
                    own.add(row[1], row[0])
        self.history.extend(own)

    def series(self) -> dict[str, Histograms]:
        """Return what was found, by tag."""
        steps, times = self.history.steps, self.history.times
        return {
            tag: Histograms(tag, steps[rows], times[rows], _decoder(self._places[tag]))
            for tag, rows in self._rows.items()
        }


def find(files: Iterable[tuple[File, str]]) -> dict[str, Histograms]:
    """List the histograms in the files of one run, by tag. Raises ``OSError``."""
    listing = _Listing()
    for path, file in files:
        listing.add(path, file)
    return listing.series()


def _row(record: Record, reader: records.RowReader) -> tuple[int | None, list[Item]] | None:
    """Return the row of history that a record is; ``None`` if it is anything else."""
    try:
        part = records.content(record.data)
        if part is not None and part.number == records.HISTORY:
            return reader.row(record.data, part)
    except WireError:
        pass  # reading the run notes it
    return None


def _decoder(places: list[_Place]) -> Callable[[int], Histogram]:
    return lambda row: _decode(places[row])


def _decode(place: _Place) -> Histogram:
    """Read one histogram. Raises ``Unreadable``."""
    try:
        with place.path.open("rb") as stream:
            record = next(iter(LogFile(stream, Settled(place.offset))), None)
    except OSError:
        record = None
    row = _row(record, records.RowReader()) if record else None
    found = histogram(logged(row[1]).get(place.key, {})) if row else None
    if found is None:
        why = told("no whole histogram at byte {place:step}", place=place.offset)
        raise Unreadable(place.file, why, term("read the log again, if it was written to"))
    return found
