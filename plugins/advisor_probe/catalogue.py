"""The probes in the order in which they run, each with its cost.

The order is that of the usual workflow: is the program right, does it fit a few samples, which
learning rate, and only then what is a matter of taste. A probe measures one thing, in the file
of its name in ``workbench/probes``.
"""

from __future__ import annotations

from typing import NamedTuple


class Probe(NamedTuple):
    """One probe, as it is declared."""

    name: str
    steps: int
    """The most forward passes that it makes."""
    summary: str

    @property
    def module(self) -> str:
        """The module whose function ``measure`` it is."""
        return f"advisor_probe.workbench.probes.{self.name.replace('-', '_')}"


PROBES = (
    Probe("one-step", 6, "one step: finite, the same twice, and every parameter reached"),
    Probe("initial-loss", 8, "the loss of an untrained model against that of guessing"),
)
"""All probes of this plugin."""

BY_NAME = {probe.name: probe for probe in PROBES}
