"""From lines to a table: settings apart, values by dotted name, the split in front."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from advisor.formats.tables.names import STAMPS, counted, timed, words
from advisor.formats.tables.sparse import Sparse, numbers
from advisor_jsonl.dialect import Dialect, Lines, Row

_SETTINGS = frozenset({
    "config", "cfg", "args", "arguments", "hparams", "hyperparameters", "hyper_parameters",
    "params", "settings", "options",
})  # fmt: skip
"""Keys of an object that holds the settings of the run."""


class Collector:
    """Takes the rows of one log in. A first line without a counter says how it was set up."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self.lines = Lines()
        self.settings: dict[str, Any] = {}
        """What the lines say of how the run was set up; what was said first stays."""
        self._tags: dict[tuple[str, str], str] = {}
        self._first: Row | None = None
        self.begun = False
        """Whether the second row was seen: it shows what the first one is."""

    def take(self, rows: Iterable[Row]) -> None:
        """Take rows in."""
        for row in rows:
            if self.begun:
                self._add(row)
            elif self._first is None:
                self._first = row
            else:
                self._begin(self._first, row)

    def end(self) -> None:
        """Take in a first row that remained the only one."""
        if self._first is not None and not self.begun:
            self._add(self._first)

    def kept(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """Return all of it as words that JSON can hold, and columns, once it has begun."""
        words, columns = self.lines.table.kept()
        splits = {split: place for place, split in enumerate(dict.fromkeys(self.lines.splits))}
        columns["splits"] = np.array([splits[split] for split in self.lines.splits], dtype=np.int32)
        return {**words, "splits": list(splits), "settings": dict(self.settings)}, columns

    def know(self, words: Mapping[str, Any], columns: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take in what ``kept`` gave."""
        splits = [words["splits"][place] for place in columns["splits"].tolist()]
        self.lines = Lines(Sparse.known(words, columns), splits)
        self.settings = dict(words["settings"])
        self.begun = True

    def _begin(self, first: Row, second: Row) -> None:
        self.begun = True
        if preambled([first, second]):
            self.settings.update(first)
        else:
            self._add(first)
        self._add(second)

    def _add(self, row: Row) -> None:
        key, split = self._dialect.split(row)
        items = ((name, v) for name, v in self._dialect.unfold(row).items() if name != key)
        self.lines.table.add(list(self._numbers(items, split)))
        self.lines.splits.append(split)

    def _numbers(self, items: Iterator[tuple[str, Any]], split: str) -> Iterator[tuple[str, float]]:
        for name, value in items:
            if name in self._dialect.settings:
                self.settings.setdefault(name, value)
            elif isinstance(value, dict) and name.lower() in _SETTINGS:
                if not self.settings:
                    self.settings.update(value)
            else:
                yield from numbers(_seconds(name, value), self._tag(split, name))

    def _tag(self, split: str, name: str) -> str:
        tag = self._tags.get((split, name))
        if tag is None:
            shared = not split or counted(name) or (timed(name) and name != "time")
            tag = self._tags[split, name] = name if shared else f"{split}/{name}"
        return tag


def preambled(rows: Sequence[Row]) -> bool:
    """Tell whether the first row holds settings: it has no counter, and the second has one."""
    return len(rows) > 1 and not _counts(rows[0]) and _counts(rows[1])


def _counts(row: Row) -> bool:
    return any(counted(key) for key in row)


def _seconds(name: str, value: Any) -> Any:
    """Return a date as seconds since 1970; without a zone it is taken as UTC."""
    if not isinstance(value, str) or words(name) not in STAMPS:
        return value
    try:
        date = datetime.fromisoformat(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return value
