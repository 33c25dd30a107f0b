"""Probers: from a user's own model to a run directory, by short diagnostic trainings.

A probe measures and judges nothing: it leaves a run directory that a reader reads and rules
judge, like any other telemetry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from advisor.executor import Executor
from advisor.report import Report
from advisor.verification import Verification

Say = Callable[[str], None]
"""Called with a line for whoever watches."""


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """What to probe, how far, and where to leave what was measured."""

    target: str
    """How the user names the target: ``package.module:name`` or ``path/file.py:name``."""
    folder: Path
    """The run directory; it is made, and an earlier probe's measurements in it are replaced."""
    only: tuple[str, ...] = ()
    """Probes to run; empty means all."""
    steps: int | None = None
    """The most training steps to spend; ``None`` means as many as it takes."""
    seconds: float | None = None
    """The most time to spend."""
    device: str = "auto"
    seed: int = 0
    probe_seconds: float = 300.0
    """The longest that one probe may take."""
    megabytes: int | None = None
    """The most memory that one probe may use; ``None`` leaves it to the prober."""


@dataclass(frozen=True, slots=True)
class PlannedProbe:
    """One probe of a plan."""

    name: str
    summary: str
    steps: int
    """The most training steps that it takes."""
    left_out: str = ""
    """Why it will not run; empty if it will."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What became of a request."""

    rules: tuple[str, ...]
    """The rules that judge what was measured."""
    interrupted: bool
    """True if Ctrl-C ended it early; what had been measured until then is kept."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Which target to try proposed changes on, and how far."""

    target: str
    """As in ``ProbeRequest``."""
    only: tuple[str, ...] = ()
    """Canonical parameters whose changes are tried; empty means all."""
    training: int = 500
    """Steps of each training."""
    margin: float = 0.01
    """A gain or loss up to this share of the held-out loss counts as none."""
    steps: int | None = None
    """The most training steps to spend on all of it; ``None`` means as many as it takes."""
    seconds: float | None = None
    """The most time to spend on all of it."""
    device: str = "auto"
    seed: int = 0
    training_seconds: float = 300.0
    """The longest that one training may take."""
    megabytes: int | None = None
    """The most memory that one training may use; ``None`` leaves it to the prober."""


@runtime_checkable
class TargetAdapter(Protocol):
    """Makes what a user has already, such as a framework's trainer, into a target."""

    name: str
    summary: str
    """What it takes, in one line."""

    def adapt(self, found: object) -> object | None:
        """Return the target of the prober that it is for; ``None`` if this is not its kind."""
        ...


@runtime_checkable
class Prober(Protocol):
    """Probes programs of one kind, such as those in torch."""

    name: str
    summary: str
    """What it probes, in one line."""

    def plan(self, request: ProbeRequest) -> Sequence[PlannedProbe]:
        """Say which probes would run, in order, and what each costs. Runs nothing of the user's.

        Raises ``UsageError`` for a target, probe or device that cannot be right, or if what
        the prober needs is not installed.
        """
        ...

    def run(
        self,
        request: ProbeRequest,
        plan: Sequence[PlannedProbe],
        say: Say,
        executor: Executor | None = None,
    ) -> Probed:
        """Run the planned probes, and leave their measurements in the request's folder.

        The user's code runs in processes of its own; what goes wrong there is said, and costs
        only the probe that it happened in. ``executor`` carries them out; by default they run one
        after the other on this machine. What is measured does not depend on it.
        """
        ...

    def verify(
        self,
        request: VerifyRequest,
        report: Report,
        say: Say,
        executor: Executor | None = None,
    ) -> Sequence[Verification]:
        """Train the target with and without each change that a report's findings propose.

        Raises ``UsageError`` if the target cannot be loaded, or nothing in it can be compared.
        """
        ...
