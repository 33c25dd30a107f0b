"""What travels between the engine and its workers: plain data, no plugin class, no array."""

from __future__ import annotations

from dataclasses import dataclass, field

from advisor.drawing.drawn import EvidenceWindow
from advisor.judging.judge import Outcome
from advisor.model import Document
from advisor.reader import Claim
from advisor.report import Refused
from advisor.summary import RunSummary


@dataclass(frozen=True, slots=True)
class Task:
    """One claim to read and judge."""

    claim: Claim
    prefix: str = ""
    """Put before the names of its runs, where there are several LOGS."""
    written: float = 0.0
    """When the files that the claim owns were last written to, in seconds since 1970."""
    growing: tuple[str, ...] = ()
    """Those of them that are still being written."""
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
