"""Half of the data against all of it, for as many steps: does more of it still help."""

from __future__ import annotations

from advisor.text import told
from advisor_probe.workbench.comparison import STEPS, Arm, held_out, trained
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject, samples

BATCHES = 100
FEWEST = 8


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses of models trained on half of the batches, and on all of them."""
    held = held_out(subject)
    batches = subject.distinct(BATCHES)
    if len(batches) < FEWEST:
        text = "fewer than {fewest:step} batches of training data"
        raise NotProbed(told(text, fewest=FEWEST))
    arm = Arm("user", subject.optimizer)
    for name, some in (("half", batches[: len(batches) // 2]), ("all", batches)):
        repeated = [some[step % len(some)] for step in range(STEPS)]
        record.curve(name, trained(subject, arm, 1.0, repeated).evaluate(held).tolist())
    record.point("samples", samples(batches))
