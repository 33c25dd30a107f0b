"""Charts that the page exports as CSV: the x axis, then per line a value and its band.

``<run> - <tag>``, ``<run> - <tag>__MIN`` and ``<run> - <tag>__MAX``; without ``<run> - `` where
the chart was opened from the page of one run. The band is what the page draws, not data.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from advisor.formats.segments import repeats
from advisor.formats.tables.cells import Numbers, integers, numbers
from advisor.formats.tables.reading import head, losses, refused, table_of
from advisor.formats.tables.table import Table, header
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Refusal, Unreadable
from advisor.run import Axis, Floats, Run, Series, Steps
from advisor.text import told
from advisor.walk import Listing

SEPARATOR = " - "
"""Between the name of the run and the tag. Names of runs may hold it as well; tags hardly do."""
MOST_POINTS = 1_000
"""A line with more points is exported as a sample of this many
(https://docs.wandb.ai/guides/app/features/panels/line-plot/sampling)."""
_CLOCKS = ("Relative Time (Process)", "Relative Time (Wall)", "Relative Time", "Wall Time")
_BANDS = ("__MIN", "__MAX")
_STEP = "_step"
_SYSTEM = ("system/", "system.")
_COPY = re.compile(r"(.*)( \(\d+\))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the chart."""

    run: str
    """Empty where the column names no run."""
    tag: str
    column: str
    band: tuple[str, ...]


class WandbChartReader:
    """Charts as the page exports them: a column per run, with the band around its line."""

    name = "wandb-chart"
    summary = "W&B charts exported as CSV: a run for each line"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim tables whose header only a chart has."""
        return claims(listing, self.name)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the runs of a chart. Raises ``Unreadable`` if no line holds a number."""
        return read(claim)


def claims(listing: Listing, reader: str) -> Iterator[Claim | Refusal]:
    """Claim the tables that only the page writes."""
    for file in listing.files:
        if file.name.lower().endswith(".csv"):
            data = head(file)
            names = header(data, whole=len(data) == file.size)
            quoted = data.removeprefix(BOM_UTF8).startswith(b'"')
            if is_chart(names, quoted=quoted):
                root = file.path[: -len(".csv")] or file.path
                proof = "the columns of a chart that W&B exports"
                yield Claim(reader, root, (file.path,), proof, certainty=95)


def is_chart(header: tuple[str, ...], *, quoted: bool) -> bool:
    """Tell whether a header is a chart's: bands, or W&B's x axis before lines of runs.

    The page quotes every cell. Without bands that must show it, for ``train - loss`` may stand
    in anybody's table.
    """
    names = set(header)
    if any(f"{name}__MIN" in names and f"{name}__MAX" in names for name in header):
        return True
    return (
        quoted
        and len(header) > 1
        and header[0] in ("Step", *_CLOCKS)
        and all(SEPARATOR in name for name in header[1:])
    )


def read(claim: Claim) -> Iterator[Run]:
    """Yield a run for each name of a run in the header, in its order."""
    (file,) = claim.files
    table = table_of(claim.base, file)
    found: dict[str, list[_Line]] = {}
    for line in _lines(table.header):
        found.setdefault(line.run, []).append(line)
    some = False
    for run, lines in found.items():
        name = f"{claim.root}#{run}" if run else claim.root
        made = _Chart(file, table, lines).run(name)
        if made.series:
            some = True
            yield made
    if not some:
        raise Unreadable(
            file, term("no line of the chart holds numbers"), term("export it with its points")
        )


class _Chart:
    """The lines of one run."""

    def __init__(self, file: str, table: Table, lines: list[_Line]) -> None:
        self._file, self._table = file, table
        own = [line for line in lines if line.tag == _STEP and integers(table.column(line.column))]
        self._x = own[0].column if own else table.header[0]
        self._lines = [line for line in lines if line.tag != _STEP]

    def run(self, name: str) -> Run:
        """Make the run: its series and what is to be known of them."""
        axis, placed = self._axis()
        series: dict[str, Series] = {}
        notes: list[Note] = list(losses(self._file, self._table))
        if placed is None:
            notes.append(note(NoteKind.STEP_GUESSED, axis="the number of the row"))
        for line in self._lines:
            cells = self._table.column(line.column)
            column = numbers(cells)
            if column.refused and column.present.any():
                notes.append(refused(self._file, self._table, cells, column.refused, line.tag))
            one = self._series(line.tag, column, axis, placed)
            if len(one):
                series[line.tag] = one
                notes += self._sampled(line, column)
        found = {tag: count for tag, one in series.items() if (count := repeats(one))}
        if found:
            notes.append(note(NoteKind.DUPLICATE_STEPS, *found, count=sum(found.values())))
        return Run(name, series, {}, term("W&B chart export"), (self._file,), tuple(notes))

    def _axis(self) -> tuple[Axis, tuple[Steps, npt.NDArray[np.bool_]] | None]:
        """Return what the x axis counts, and the step of each row if it has whole numbers."""
        placed = None if self._x in _CLOCKS else integers(self._table.column(self._x))
        return (Axis.ROW if placed is None else _counted(self._x)), placed

    def _series(
        self,
        tag: str,
        column: Numbers,
        axis: Axis,
        placed: tuple[Steps, npt.NDArray[np.bool_]] | None,
    ) -> Series:
        steps, known = placed or (
            np.arange(len(self._table), dtype=np.int64),
            np.ones(len(self._table), dtype=bool),
        )
        taken = np.flatnonzero(column.present & known)
        times = self._times()
        return Series(
            tag,
            steps[taken],
            column.values[taken],
            None if times is None else times[taken],
            None,
            axis,
        )

    def _times(self) -> Floats | None:
        """Return the x axis where it is a clock: seconds."""
        if self._table.header[0] not in _CLOCKS:
            return None
        times = numbers(self._table.columns[0])
        return times.values if times.present.all() else None

    def _sampled(self, line: _Line, column: Numbers) -> Iterator[Note]:
        points = int(column.present.sum())
        if self._banded(line, column):
            why = term("the chart draws a band: each point stands for several")
            yield note(NoteKind.SAMPLED, line.tag, why=why)
        elif points >= MOST_POINTS:
            why = told("a chart exports at most some {n:step} points of a line", n=MOST_POINTS)
            yield note(NoteKind.SAMPLED, line.tag, why=why)

    def _banded(self, line: _Line, column: Numbers) -> bool:
        """Tell whether the band is wider than the line anywhere."""
        for name in line.band:
            edge = numbers(self._table.column(name))
            both = edge.present & column.present
            apart = edge.values[both] != column.values[both]
            if (apart & ~np.isnan(edge.values[both])).any():
                return True
        return False


def _lines(header: tuple[str, ...]) -> Iterator[_Line]:
    """Yield the lines of a chart, without bands and without measurements of the machine."""
    names = set(header)
    for name in header[1:]:
        plain, copy = _copy(name, names)
        if any(plain.endswith(edge) and plain[: -len(edge)] in names for edge in _BANDS):
            continue
        run, _, tag = plain.rpartition(SEPARATOR)
        band = tuple(n for edge in _BANDS if (n := f"{plain}{edge}{copy}") in names)
        if tag and not tag.startswith(_SYSTEM):
            yield _Line(run + copy if run else "", tag if run else tag + copy, name, band)


def _copy(name: str, names: set[str]) -> tuple[str, str]:
    """Split off the ` (2)` that tells apart the columns of two runs of one name."""
    found = _COPY.fullmatch(name)
    return (found[1], found[2]) if found and found[1] in names else (name, "")


def _counted(name: str) -> Axis:
    """Return what a column counts, by its name."""
    spelled = name.rpartition(SEPARATOR)[2].lower()
    if "epoch" in spelled:
        return Axis.EPOCH
    if "timestep" in spelled or "env" in spelled:
        return Axis.ENV_STEP
    return Axis.STEP
