"""What the reader knows of one trainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from advisor.run import Axis
from advisor_textlog.pairs import Pair
from advisor_textlog.visible import Numbered


class Line(NamedTuple):
    """One printed line that holds numbers."""

    number: int
    """Of the line in its file, from 1."""
    step: int
    pairs: tuple[Pair, ...]
    last: int | None = None
    """The step at which the training will end, if the line says so."""
    time: float | None = None
    """When it was printed, in seconds since 1970."""


class Lines(NamedTuple):
    """The lines of one file."""

    lines: list[Line]
    axis: Axis = Axis.STEP
    guessed: str | None = None
    """What the steps are instead of what was printed, in words."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The lines of one trainer."""

    source: str
    """What it is, in words."""
    proof: str
    """What in the content shows it, in words."""
    certainty: int
    """As in ``Claim``."""
    read: Callable[[Numbered], Lines]
    """Takes the numbered lines of a file, and returns those that hold numbers."""
    fits: Callable[[Lines, int], bool]
    """Tells by the lines of a sample, and the fewest that are enough, whether it is this one."""
    settings: Callable[[str], tuple[str, str] | None] = lambda _: None
    """Takes a line, and returns the setting it prints, with its value as text."""
    own_folder: str | None = None
    """The name of a file that lies alone in the directory of its run."""


def by_line(
    parse: Callable[[str], Line | None],
) -> Callable[[Numbered], Lines]:
    """Make the ``read`` of a trainer each of whose lines says its step."""

    def found(lines: Numbered) -> Iterator[Line]:
        for number, text in lines:
            line = parse(text)
            if line is not None and line.pairs:
                yield line._replace(number=number)

    return lambda lines: Lines(list(found(lines)))


def enough(lines: Lines, least: int) -> bool:
    """Tell whether there are lines enough, of a form that hardly anything else has."""
    return len(lines.lines) >= min(least, 2)


def whole(digits: str) -> int | None:
    """Return a step; ``None`` for one that does not fit into 64 bits."""
    return int(digits) if len(digits) <= 18 else None
