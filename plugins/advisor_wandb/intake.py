"""The way of rows into a history: gathered, read many at once, and one by one what that leaves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from advisor.formats.protobuf import Field, WireError
from advisor_wandb import bulk
from advisor_wandb.history import History
from advisor_wandb.logfile import Record
from advisor_wandb.records import RowReader

_FEWEST, _MOST = 2**10, 2**20
"""Bytes of rows that are read at once, at first and at most: names have to be met before."""


class Intake:
    """Takes the rows of one file into ``history``, in their order."""

    def __init__(self, history: History, lose: Callable[[int, int], None]) -> None:
        self._history, self._lose = history, lose
        self._heads, self._reader = bulk.Heads(history.target), RowReader()
        self._waiting: list[tuple[Record, Field]] = []
        self._bytes, self._enough = 0, _FEWEST

    def add(self, record: Record, part: Field) -> None:
        """Take in the row that ``part`` of a record is. It may wait for others until ``finish``."""
        self._waiting.append((record, part))
        self._bytes += part.end - part.start
        if self._bytes >= self._enough:
            self._enough = min(2 * self._enough, _MOST)
            self.finish()

    def finish(self) -> None:
        """Bring all rows that wait into the history; of those that are no rows, say it."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        rows = [record.data[part.start : part.end] for record, part in waiting]
        found = bulk.read(rows, self._heads)
        numbers = np.zeros(len(rows), dtype=np.int64)
        begin = 0
        for place in (*np.flatnonzero(~found.good).tolist(), len(rows)):
            between = slice(begin, place)
            numbers[between] = self._history.add_rows(found.steps[between], found.times[between])
            if place < len(rows):
                self._add_one(*waiting[place])
            begin = place + 1
        self._history.put(numbers[found.rows], found.columns, found.values)

    def _add_one(self, record: Record, part: Field) -> None:
        try:
            step, items = self._reader.row(record.data, part)
        except WireError:
            self._lose(record.offset, len(record.data))
        else:
            self._history.add(items, step)
