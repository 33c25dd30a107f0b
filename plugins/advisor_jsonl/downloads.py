"""What TensorBoard's page downloads: one tag of one run as JSON or CSV.

JSON is a list of ``[wall time, step, value]``, CSV has the header ``Wall time,Step,Value``. The
page names the file ``run-RUN-tag-TAG``, and shows at most 1000 points of each tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from advisor.formats.tables.cells import integers
from advisor.formats.tables.cells import numbers as cells_as_numbers
from advisor.formats.tables.reading import losses, table_of
from advisor.formats.tables.sparse import Sparse, as_number, every_row, series_of
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Unreadable, whole_file
from advisor.run import Axis, Run, Series
from advisor.text import told
from advisor.walk import File, Listing

NAME = "tensorboard-download"

_HEADER = re.compile(rb"(\xef\xbb\xbf)?\"?Wall time\"?,\"?Step\"?,\"?Value\"?\r?\n")
_STAMP = rb"1\d{9}(\.\d*)?"
_LIST = re.compile(rb"\s*\[\s*\[\s*" + _STAMP + rb"\s*,\s*-?\d+\s*,\s*[^\[\],]+\]\s*[,\]]")
_FILE = re.compile(r"run-(?P<run>.+?)-tag-(?P<tag>.+)\.(json|csv)", re.DOTALL)
_SHOWN = 1000
"""Points of a tag that TensorBoard keeps unless started with ``--samples_per_plugin``."""

Points = list[tuple[float, int, float]]
"""Wall time, step and value."""


def claims(listing: Listing) -> Iterator[Claim]:
    """Claim the downloads of each run together, as their names say."""
    runs: dict[str, list[str]] = {}
    for file in listing.files:
        if _fits(file):
            runs.setdefault(_root(file), []).append(file.path)
    for root, files in runs.items():
        proof = "a wall time, a step and a value on each row"
        yield Claim(NAME, root, tuple(sorted(files)), proof, certainty=90)


def read(claim: Claim) -> Iterator[Run]:
    """Yield the run of a claim. Raises ``Unreadable`` if no file of it holds a point."""
    series: dict[str, Series] = {}
    notes: list[Note] = []
    for file in claim.files:
        points, lost = _points(claim.base, file)
        made, more = _series(_tag(file), points)
        fresh = {tag: one for tag, one in made.items() if tag not in series}
        series.update(fresh)
        notes += [*lost, *(more if fresh else [])]
    if not series:
        raise Unreadable(claim.files[0], term("holds no point"), term("download it again"))
    yield Run(claim.root, series, {}, term("TensorBoard download"), claim.files, tuple(notes))


def _fits(file: File) -> bool:
    name = file.name.lower()
    if name.endswith(".csv"):
        return _HEADER.match(file.head) is not None
    return name.endswith(".json") and _LIST.match(file.head) is not None


def _root(file: File) -> str:
    named = _FILE.fullmatch(file.name)
    if named is None:
        return file.path.rpartition(".")[0]
    return named["run"] if file.folder == "." else f"{file.folder}/{named['run']}"


def _tag(path: str) -> str:
    name = path.rpartition("/")[2]
    named = _FILE.fullmatch(name)
    return named["tag"] if named else name.rpartition(".")[0]


def _points(base: Path, file: str) -> tuple[Points, list[Note]]:
    if file.lower().endswith(".csv"):
        return _from_csv(base, file)
    try:
        found = json.loads(whole_file(base, file))
    except (ValueError, RecursionError) as error:
        raise Unreadable(file, term("is not whole JSON"), term("download it again")) from error
    rows = found if isinstance(found, list) else []
    return [point for row in rows if (point := _point(row)) is not None], []


def _point(row: Any) -> tuple[float, int, float] | None:
    if not isinstance(row, list) or len(row) != 3:
        return None
    time, value = as_number(row[0]), as_number(row[2])
    whole = isinstance(row[1], int) and -(2**63) <= row[1] < 2**63
    return (time, row[1], value) if whole and time is not None and value is not None else None


def _from_csv(base: Path, file: str) -> tuple[Points, list[Note]]:
    table = table_of(base, file)
    found = integers(table.column("Step"))
    if found is None:
        raise Unreadable(file, term("its steps are no whole numbers"), term("download it again"))
    times = cells_as_numbers(table.column("Wall time"))
    values = cells_as_numbers(table.column("Value"))
    kept = np.flatnonzero(times.present & found[1] & values.present)
    columns = (times.values[kept], found[0][kept], values.values[kept])
    return list(zip(*(column.tolist() for column in columns), strict=True)), list(
        losses(file, table)
    )


def _series(tag: str, points: Points) -> tuple[dict[str, Series], list[Note]]:
    table = Sparse()
    for _, _, value in points:
        table.add([(tag, value)])
    place = every_row(Axis.STEP, [step for _, step, _ in points])
    times = np.array([time for time, _, _ in points], dtype=np.float64)
    made, notes = series_of(table, dict.fromkeys(table.names, place), times)
    if len(points) == _SHOWN:
        why = told("TensorBoard keeps {n:step} points of each tag", n=_SHOWN)
        notes.append(note(NoteKind.SAMPLED, tag, why=why))
    return made, notes
