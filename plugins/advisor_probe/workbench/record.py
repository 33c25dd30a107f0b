"""What a probe reports while it measures; each value leaves the process at once."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence

from advisor.model import Value
from advisor_probe.isolation.job import line


class NotProbed(Exception):
    """The probe does not apply to this target; the message says why."""


Sink = Callable[[bytes], None]
"""Where the messages of a probe go: called with each, which ends with a line break."""


def to_descriptor(descriptor: int) -> Sink:
    """Return a sink that writes into a file descriptor."""

    def write(message: bytes) -> None:
        while message:
            message = message[os.write(descriptor, message) :]

    return write


class Record:
    """The measurements of one probe: curves, facts, and remarks for people."""

    def __init__(self, probe: str, sink: Sink) -> None:
        self._probe, self._sink = probe, sink

    def curve(self, quantity: str, values: Iterable[float], steps: Sequence[int] = ()) -> None:
        """Report a measured curve; steps count from 0 unless they are given."""
        for place, value in enumerate(values):
            self.point(quantity, value, steps[place] if steps else place)

    def point(self, quantity: str, value: float, step: int = 0) -> None:
        """Report one measured value, which may be NaN or infinite."""
        tag = f"{self._probe}/{quantity}"
        self._sink(line("point", tag=tag, step=int(step), value=float(value)))

    def fact(self, name: str, value: Value) -> None:
        """Report what was seen and is no number, under a name of the probe."""
        self._sink(line("fact", name=f"{self._probe}.{name}", value=value))

    def remark(self, text: str) -> None:
        """Say something to whoever watches."""
        self._sink(line("remark", text=text))

    def progress(self, done: int) -> None:
        """Say how many of the declared steps are done."""
        self._sink(line("progress", done=done))


def log10(value: float) -> float:
    """Return the decimal logarithm; minus infinity of what is not above zero."""
    return math.log10(value) if value > 0 else -math.inf
