"""Executors: ways to carry out work that comes in units.

Reading logs is such work, a unit being what a reader claimed; so are the trainings of a probe.
Work, units and results are plain data, so that another process or a cluster can carry them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar, runtime_checkable

Unit = TypeVar("Unit")
Result = TypeVar("Result")
Unit_contra = TypeVar("Unit_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)

Started = Callable[[str, str], None]
"""Called before a part of a unit begins, with its run and rule; either is empty where none is."""

Progress = Callable[[int], None]
"""Called with the number of units that are done."""


class Worker(Protocol[Unit_contra, Result_co]):
    """Carries out units, one after the other, in whichever process it was made in."""

    def work(self, unit: Unit_contra, started: Started, /) -> Result_co:
        """Carry out a unit. Whatever goes wrong in it is part of the result."""
        ...


class Work(Protocol[Unit, Result_co]):
    """What to do with each unit, and what if that does not end: plain data that can be pickled."""

    @property
    def megabytes(self) -> int | None:
        """The most memory a worker process may take (address space); ``None`` means no limit."""
        ...

    def worker(self) -> AbstractContextManager[Worker[Unit, Result_co]]:
        """Make a worker, which lasts as long as the context."""
        ...

    def seconds(self, rule: str, /) -> float:
        """Return the longest that a part may take, by its rule; a worker sees to it as well."""
        ...

    def again(self, unit: Unit, run: str, rule: str, how: str, /) -> Unit | None:
        """Return a unit as it is to be tried again after its worker was lost in a part of it.

        ``how`` it was lost completes "the reader ...". ``None`` if it is to be given up.
        """
        ...

    def given_up(self, unit: Unit, how: str, /) -> Result_co:
        """Return the result of a unit that is not tried again."""
        ...


@runtime_checkable
class Executor(Protocol):
    """A way to carry out units: in processes of this machine, or on a cluster."""

    name: str
    summary: str
    """Where the work is done, in one line."""

    def run(
        self, work: Work[Unit, Result], units: Sequence[Unit], progress: Progress, /
    ) -> Iterator[Result]:
        """Carry out the units and yield their results in order.

        Whoever closes the iterator wants no more: what is still under way may be ended. A unit
        whose worker is lost is tried again as ``work`` says, or given up.
        """
        ...
