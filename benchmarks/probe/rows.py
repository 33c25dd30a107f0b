"""Results that grow by a row at a time, so that an interrupted measurement loses nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

RESULTS = Path(__file__).with_name("results")

Row = Mapping[str, str]
Case = TypeVar("Case")


def rows(name: str, folder: Path = RESULTS) -> list[dict[str, str]]:
    """Return the rows that are there; none if there is no file."""
    file = folder / f"{name}.csv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def missing(name: str, wanted: Iterable[str], folder: Path = RESULTS) -> Iterator[str]:
    """Yield the names of which there is no row yet, in their order."""
    known = {row["name"] for row in rows(name, folder)}
    yield from (one for one in wanted if one not in known)


def fill(
    name: str, cases: Mapping[str, Case], words: Iterable[str], measured: Callable[[Case], Row]
) -> None:
    """Measure the cases whose names hold all ``words`` and that have no row yet; then sort."""
    chosen = [one for one in missing(name, cases) if all(word in one for word in words)]
    for one in chosen:
        add(name, measured(cases[one]))
    order(name, cases)


def add(name: str, row: Row, folder: Path = RESULTS) -> None:
    """Append a row; the first one decides the columns."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.csv"
    fresh = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(row), lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerow(row)


def order(name: str, wanted: Iterable[str], folder: Path = RESULTS) -> None:
    """Write the rows anew in the order of the names; of others none is kept."""
    known = {row["name"]: row for row in rows(name, folder)}
    (folder / f"{name}.csv").unlink(missing_ok=True)
    for one in wanted:
        if one in known:
            add(name, known[one], folder)
