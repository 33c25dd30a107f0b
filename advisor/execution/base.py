"""What travels between the engine and its workers: plain data, no plugin class, no array."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from advisor.drawn import EvidenceWindow
from advisor.judge import Outcome
from advisor.model import Document
from advisor.reader import Claim
from advisor.report import Refused
from advisor.settings import Settings
from advisor.study import RunSummary
from advisor.summary import BUCKETS


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a worker needs to build its own plugins and rules."""

    settings: Settings
    runs: str | None = None
    """A pattern that the names of the runs must match."""
    buckets: int = BUCKETS
    """How many buckets a curve that may be drawn has at most."""


@dataclass(frozen=True, slots=True)
class Task:
    """One claim to read and judge."""

    claim: Claim
    prefix: str = ""
    """Put before the names of its runs, where there are several LOGS."""
    written: float = 0.0
    """When its files were last written to, in seconds since 1970."""
    growing: tuple[str, ...] = ()
    """Those files of the claim that are still being written."""
    failed: dict[str, dict[str, str]] = field(default_factory=dict)
    """By run, the rules that already ended a worker there, and how."""

    def named(self, path: str) -> str:
        """Return a path or the name of a run relative to LOGS with the prefix before it."""
        if not self.prefix:
            return path
        return self.prefix if path == "." else f"{self.prefix}/{path}"


class RunResult(Document):
    """One run, summarized and judged."""

    summary: RunSummary
    outcomes: tuple[Outcome, ...]
    windows: tuple[EvidenceWindow, ...] = ()


class ClaimResult(Document):
    """What became of one claim."""

    runs: tuple[RunResult, ...] = ()
    refused: tuple[Refused, ...] = ()


Progress = Callable[[int], None]
"""Called with the number of claims that are done."""


class Executor(Protocol):
    """A way to carry out tasks: in this process, in a pool of processes, on a cluster."""

    def run(self, plan: Plan, tasks: Sequence[Task], progress: Progress) -> Iterator[ClaimResult]:
        """Carry out the tasks and yield their results in order.

        A task whose worker ends is tried again without the rule that it was in.
        """
        ...
