"""The probes in the order in which they run, each with its cost.

The order is that of the usual workflow: is the program right, does it fit a few samples, which
learning rate, and only then what is a matter of taste. A probe measures one thing, in the file
of its name in ``workbench/probes``.
"""

from __future__ import annotations

from typing import NamedTuple

from advisor.language import term


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
    Probe("one-step", 6, term("one step: finite, the same twice, every parameter reached")),
    Probe("initial-loss", 8, term("the loss of an untrained model against that of guessing")),
    Probe("outputs", 10, term("do outputs, loss and targets fit together")),
    Probe("inputs", 2, term("the scale of the inputs, and columns that never vary")),
    Probe("layers", 2, term("gradients, weights and activations by layer, before training")),
    Probe("dropout-places", 1, term("dropout at the output, after SELU, or before batch norm")),
    Probe("loop", 61, term("sixty of your own steps: gradients cleared, losses finite, updates")),
    Probe("evaluation", 25, term("your own evaluation: in evaluation mode, the same twice")),
    Probe(
        "overfit", 541, term("a few samples without regularization: the loss must go to nothing")
    ),
    Probe("generalization", 3700, term("do true pairs teach more than shuffled ones")),
    Probe("rates", 2138, term("a range test, and short trainings around your learning rate")),
    Probe("rate-choice", 9300, term("your learning rate against candidates, five seeds each")),
    Probe("schedules", 3360, term("a constant rate, a cosine decay and 1cycle, five seeds each")),
    Probe("optimizers", 4480, term("your optimizer, Adam and SGD, each at its best rate")),
    Probe("dropout", 3360, term("your dropout, none, and twice as much")),
    Probe("data", 1660, term("half of the data against all of it")),
    Probe(
        "weight-decay", 3360, term("your weight decay, none, and ten times as much, with the rate")
    ),
    Probe("dropout-added", 3361, term("dropout after the hidden layers of a model without any")),
    Probe("normalization", 2241, term("batch norm in a model without normalization")),
    Probe("swish", 2241, term("Swish in the place of your activations")),
    Probe("clipping", 3362, term("gradients clipped by their norm, at two thresholds")),
    Probe(
        "settings", 11218, term("your target's `settings`, one by one: half and twice, off and on")
    ),
    Probe(
        "batch-range", 2704, term("the rates that go well, with your batches and quarters of them")
    ),
    Probe("features", 2789, term("what each column of a table is worth beyond training")),
    Probe("averaging", 910, term("averaged weights, and averaged predictions of five seeds")),
    Probe("throughput", 70, term("samples a second by batch size, and of the loader")),
)
"""All probes of this plugin."""

BY_NAME = {probe.name: probe for probe in PROBES}
