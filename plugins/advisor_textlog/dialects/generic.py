"""Any other training that prints ``key: number``, as a last resort.

``Epoch 3/50, Step [100/600], Loss: 0.21``; a date in front of a line is its time. What the lines
have in common must be plain: many of one form, a count that goes up, and a loss or a metric.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from advisor.language import term
from advisor.roles import Kind
from advisor.run import Axis
from advisor.understand.names import catalogue
from advisor.understand.words import parse
from advisor_textlog.dialect import Dialect, Line, Lines, whole
from advisor_textlog.pairs import Pair, spelled
from advisor_textlog.visible import Numbered

_STAMP = re.compile(r"\[?(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:[.,](\d{1,6}))?\d*Z?\]?")
_COUNT = re.compile(
    r"\b(?:(?P<epoch>epoch)|(?:global[ _]?)?(?:train(?:ing)?[ _])?(?:step|iter|iteration|update))"
    r"[ \t]*[:=#]?[ \t]*[\[(]?[ \t]*(?P<at>\d+)(?![\d\w.%])(?:[ \t]*/[ \t]*\d+)?",
    re.IGNORECASE,
)
_BACKWARD = 0.1
"""Share of lines whose count may be lower than the one before: appended runs of ten lines or
more stay below. Chosen by eye."""
_PER_EPOCH = 1.5
"""Beyond this many lines of one form per epoch the epoch does not tell them apart. Chosen by
eye, as for tables."""


class _Printed(NamedTuple):
    """A line with its counts, as far as it has them."""

    number: int
    step: int | None
    epoch: int | None
    pairs: tuple[Pair, ...]
    time: float | None

    @property
    def keys(self) -> tuple[str, ...]:
        """What lines of one ``print`` have in common."""
        return tuple(pair.key for pair in self.pairs)


def _read(lines: Numbered) -> Lines:
    """Place the lines by their steps, else by their epochs, else by their order in the epochs."""
    printed = list(_printed(lines))
    counted = _counted(printed)
    if _rises(printed, "step") and not _anew_each_epoch(counted):
        return Lines(_placed(counted, "step"))
    if not _rises(printed, "epoch"):
        return Lines([])
    if _one_for_each_epoch(counted):
        return Lines(_placed(counted, "epoch"), Axis.EPOCH)
    rows = [_line(each, at) for at, each in enumerate(counted)]
    return Lines(rows, Axis.ROW, "the order of the lines")


def _printed(lines: Numbered) -> Iterator[_Printed]:
    for number, text in lines:
        if ":" in text or "=" in text or "poch" in text:
            found = _look(number, text)
            if found.pairs or found.epoch is not None:
                yield found


def _look(number: int, text: str) -> _Printed:
    stamp = _STAMP.match(text)
    rest = text[stamp.end() :] if stamp else text
    counts: dict[str, int] = {}
    for found in _COUNT.finditer(rest):
        value = whole(found["at"])
        if value is not None:
            counts.setdefault("epoch" if found["epoch"] else "step", value)
    pairs = spelled(_COUNT.sub(";", rest))
    return _Printed(number, counts.get("step"), counts.get("epoch"), pairs, _time(stamp))


def _time(stamp: re.Match[str] | None) -> float | None:
    if stamp is None:
        return None
    try:
        moment = datetime.fromisoformat(stamp[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment.timestamp() + float(f"0.{stamp[2] or 0}")


def _counted(printed: Sequence[_Printed]) -> list[_Printed]:
    """Return the lines with numbers; one without a count of its own has the last one printed.

    What is printed at one count only (a setting, the source, the best value) is no series.
    """
    step: int | None = None
    epoch: int | None = None
    found = []
    for each in printed:
        step = step if each.step is None else each.step
        epoch = epoch if each.epoch is None else each.epoch
        if each.pairs and (step is not None or epoch is not None):
            found.append(each._replace(step=step, epoch=epoch))
    forms = Counter(keys for keys, _, _ in {(each.keys, each.step, each.epoch) for each in found})
    return [each for each in found if forms[each.keys] > 1]


def _rises(printed: Sequence[_Printed], count: str) -> bool:
    """Tell whether most lines have a count, and it goes up but for where a run begins anew."""
    counts = [value for each in printed if (value := getattr(each, count)) is not None]
    numbers = sum(bool(each.pairs) for each in printed)
    changes = [b - a for a, b in pairwise(counts)]
    back = sum(change < 0 for change in changes)
    most = count == "epoch" or 2 * len(counts) >= numbers
    return most and any(change > 0 for change in changes) and back <= _BACKWARD * len(changes)


def _anew_each_epoch(counted: Sequence[_Printed]) -> bool:
    """Tell whether the steps begin anew where the epoch goes up."""
    return any(
        (b.step or 0) < (a.step or 0) and (b.epoch or 0) > (a.epoch or 0)
        for a, b in pairwise(counted)
    )


def _one_for_each_epoch(counted: Sequence[_Printed]) -> bool:
    """Tell whether lines of one form hardly ever follow each other within an epoch."""
    epochs: dict[tuple[str, ...], int | None] = {}
    visits = 0
    for each in counted:
        visits += epochs.get(each.keys, -1) != each.epoch
        epochs[each.keys] = each.epoch
    return len(counted) <= _PER_EPOCH * visits


def _placed(counted: Iterable[_Printed], count: str) -> list[Line]:
    steps = ((each, getattr(each, count)) for each in counted)
    return [_line(each, step) for each, step in steps if step is not None]


def _line(each: _Printed, step: int) -> Line:
    return Line(each.number, step, each.pairs, None, each.time)


def _fits(lines: Lines, least: int) -> bool:
    forms = Counter(tuple(pair.key for pair in line.pairs) for line in lines.lines)
    return any(count >= least and any(map(measures, form)) for form, count in forms.items())


def measures(key: str) -> bool:
    """Tell whether a name is that of a loss, a metric or a return."""
    match = catalogue(()).find(parse(key))
    return match is not None and match.entry.kind in (Kind.LOSS, Kind.METRIC, Kind.RETURN)


DIALECT = Dialect(
    source=term("Text log"),
    proof="lines of one form with a count that goes up, and a loss or a metric",
    certainty=10,
    read=_read,
    fits=_fits,
)
