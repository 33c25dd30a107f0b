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
    Probe("one-step", 6, "one step: finite, the same twice, every parameter reached"),
    Probe("initial-loss", 8, "the loss of an untrained model against that of guessing"),
    Probe("outputs", 10, "do outputs, loss and targets fit together"),
    Probe("inputs", 2, "the scale of the inputs, and columns that never vary"),
    Probe("layers", 2, "gradients, weights and activations by layer, before training"),
    Probe("dropout-places", 1, "dropout at the output, after SELU, or before batch norm"),
    Probe("loop", 61, "sixty of your own steps: gradients cleared, losses finite, updates"),
    Probe("evaluation", 25, "your own evaluation: in evaluation mode, the same twice"),
    Probe("overfit", 541, "a few samples without regularization: the loss must go to nothing"),
    Probe("generalization", 770, "do true pairs teach more than shuffled ones"),
    Probe("rates", 838, "a range test, and short trainings around your learning rate"),
    Probe("rate-choice", 3388, "your learning rate against candidates, five seeds each"),
    Probe("schedules", 3360, "a constant rate, a cosine decay and 1cycle, five seeds each"),
    Probe("optimizers", 4480, "your optimizer, Adam and SGD, each at its best rate"),
    Probe("dropout", 3360, "your dropout, none, and twice as much"),
    Probe("data", 1660, "half of the data against all of it"),
    Probe("weight-decay", 3360, "your weight decay, none, and ten times as much, with the rate"),
    Probe("dropout-added", 3361, "dropout after the hidden layers of a model without any"),
    Probe("normalization", 2241, "batch norm in a model without normalization"),
    Probe("swish", 2241, "Swish in the place of your activations"),
    Probe("clipping", 3362, "gradients clipped by their norm, at two thresholds"),
    Probe("settings", 11218, "your target's `settings`, one by one: half and twice, off and on"),
    Probe("batch-range", 2704, "the rates that go well, with your batches and quarters of them"),
    Probe("features", 2789, "what each column of a table is worth beyond training"),
    Probe("averaging", 880, "averaged weights, and averaged predictions of five seeds"),
    Probe("throughput", 70, "samples a second by batch size, and of the loader"),
)
"""All probes of this plugin."""

BY_NAME = {probe.name: probe for probe in PROBES}
