"""The settings in which a run differs from its run of the baseline."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

from advisor.model import Value
from advisor.report import RunEntry
from advisor.report.comparison import SettingChange

MOST = 40
"""Settings of one run that are kept: with more, the runs are of different programs."""
CLOSE = 1e-9
"""Relative difference up to which numbers are one: they were written and read again."""


def changed(run: RunEntry, other: RunEntry) -> tuple[SettingChange, ...]:
    """Return what differs, in the order of the baseline's settings, then of the run's.

    Nothing where either side recorded no settings: then nobody knows.
    """
    return tuple(islice(_changed(run, other), MOST)) if run.config and other.config else ()


def _changed(run: RunEntry, other: RunEntry) -> Iterator[SettingChange]:
    for name in dict.fromkeys((*other.config, *run.config)):
        was, now = (
            side.config[name].value if name in side.config else None for side in (other, run)
        )
        if not _same(was, now):
            yield SettingChange(setting=name, was=was, now=now)


def _same(was: Value | None, now: Value | None) -> bool:
    numbers = [value for value in (was, now) if isinstance(value, int | float)]
    if len(numbers) == 2 and bool not in map(type, numbers):
        return math.isclose(*numbers, rel_tol=CLOSE) or all(map(math.isnan, numbers))
    return type(was) is type(now) and was == now
