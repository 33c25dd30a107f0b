"""What one logger's tables look like, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from advisor.formats.tables.table import Table
from advisor_csv.axis import Placing, place


@dataclass(frozen=True, slots=True)
class Look:
    """What a dialect is recognized by."""

    path: str
    """Of the file, relative to the LOGS argument."""
    table: Table
    beside: frozenset[str]
    """Names of the other files in its directory."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The directory's own name; empty for LOGS itself."""
        return self.path.rpartition("/")[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The tables of one logger."""

    source: str
    """What it is, in words."""
    proof: str
    """What in the content shows it, in words."""
    certainty: int
    """As in ``Claim``."""
    fits: Callable[[Look], bool]
    """Tells from header and place whether a table is this logger's."""
    own_folder: bool = True
    """The logger gives each run a directory, which then names the run."""
    place: Callable[[Table], Placing] = place
    """Finds the steps of the rows."""
