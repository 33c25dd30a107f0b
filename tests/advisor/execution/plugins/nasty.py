"""Rules that end, block or fill the process that they run in, each on runs of its own name."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import signal
import threading
from collections.abc import Iterator

from advisor import Evidence, Example, Finding, Rule, RunView, Severity, Stage, hookimpl
from advisor.testing import make_run


class _Nasty(Rule):
    """What these rules share."""

    stage = Stage.FIT
    severity = Severity.NOTE
    symptoms = ("made up",)
    citations = ()
    texts = dict.fromkeys(
        ("title", "observed", "evidence", "do", "why", "check", "unless"), "Said."
    )
    requires = ("train/loss",)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run on which any such rule would fire."""
        return (Example("any run", make_run(train_loss=[1.0, 2.0]), fires=True),)

    def check(self, run: RunView) -> Iterator[Finding]:
        """Do harm on the runs that are named after this rule; find something on the others."""
        if run.name == self.name.rpartition("/")[2]:
            self.harm()
        curve = run["train/loss"]
        evidence = Evidence(
            series=curve.tag, first_step=0, last_step=1, measured="steps", value=1.0
        )
        yield self.finding(confidence=0.5, evidence=(evidence,))

    def harm(self) -> None:
        """Do harm."""


class NeverReturns(_Nasty):
    """Go round for ever, and catch what is meant to stop it."""

    name = "test/never-returns"

    def harm(self) -> None:
        """Do harm."""
        while True:
            with contextlib.suppress(BaseException):
                while True:
                    pass


class Loops(_Nasty):
    """Go round for ever."""

    name = "test/loops"

    def harm(self) -> None:
        """Do harm."""
        while True:
            pass


class BlocksInC(_Nasty):
    """Go round for ever in C, where no signal is looked at."""

    name = "test/blocks-in-c"

    def harm(self) -> None:
        """Do harm."""
        any(itertools.repeat(False))


class WaitsMasked(_Nasty):
    """Wait with all signals masked."""

    name = "test/waits-masked"

    def harm(self) -> None:
        """Do harm."""
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        threading.Event().wait()


class Leaves(_Nasty):
    """End the process without a word."""

    name = "test/leaves"

    def harm(self) -> None:
        """Do harm."""
        os._exit(0)


class Exits(_Nasty):
    """Ask Python to end."""

    name = "test/exits"

    def harm(self) -> None:
        """Do harm."""
        raise SystemExit(0)


class Crashes(_Nasty):
    """Read where nothing is."""

    name = "test/crashes"

    def harm(self) -> None:
        """Do harm."""
        ctypes.string_at(0)


class EatsMemory(_Nasty):
    """Ask for sixteen gigabytes."""

    name = "test/eats-memory"

    def harm(self) -> None:
        """Do harm."""
        self._fill(bytearray(1 << 34))

    def _fill(self, memory: bytearray) -> None:
        memory[::4096] = bytes(len(memory[::4096]))


@hookimpl
def register_rules() -> tuple[type[Rule], ...]:
    """Declare the rules."""
    return (NeverReturns, Loops, BlocksInC, WaitsMasked, Leaves, Exits, Crashes, EatsMemory)
