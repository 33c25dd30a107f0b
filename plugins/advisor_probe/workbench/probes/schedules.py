"""A constant rate against a cosine decay and 1cycle, each at its best rate."""

from __future__ import annotations

from advisor_probe.workbench.comparison import Arm, compare, constant, cosine, onecycle
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses under three schedules."""
    arms = (
        Arm("constant", subject.optimizer, schedule=constant),
        Arm("cosine", subject.optimizer, schedule=cosine),
        Arm("onecycle", subject.optimizer, schedule=onecycle),
    )
    compare(subject, record, arms)
