"""The target's own settings, each varied by itself: half and twice, off and on."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.text import told
from advisor_probe.settings import with_value
from advisor_probe.target import Batch
from advisor_probe.variants import Variant, variants
from advisor_probe.workbench.comparison import Arm, held_out, report
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject
from advisor_probe.workbench.work import ran_out_of_memory, said


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses with the settings as they are, and with each of them changed."""
    target = subject.target
    if not target.varies():
        raise NotProbed("no function of the target takes settings")
    tried = tuple(variants(target.settings))
    if not tried:
        raise NotProbed("none of the target's settings is a number or a switch to vary")
    held = held_out(subject)
    report(subject, record, Arm("user", subject.optimizer), held)
    for variant in tried:
        _try(subject, record, variant, held)


def _try(subject: Subject, record: Record, variant: Variant, held: Sequence[Batch]) -> None:
    """Report a variant; one that the user's code refuses costs only itself."""
    settings = with_value(subject.target.settings, variant.path, variant.after)
    varied = subject.varied(settings)
    try:
        if _measures_otherwise(subject, varied, held[0]):
            text = "{path:name} changes what the loss measures: not varied"
            record.remark(told(text, path=variant.path))
            return
        report(varied, record, Arm(variant.slot, varied.optimizer), held)
    except Exception as error:  # whatever the user's code raises is an outcome
        if ran_out_of_memory(error):
            raise
        text = "{change:name} could not be tried: {why:given}"
        change = f"{variant.path}={variant.after}"
        record.remark(told(text, change=change, why=said(error)))
        return
    finally:
        subject.spent += varied.spent
    record.fact(f"{variant.slot}_parameter", variant.parameter)
    record.fact(f"{variant.slot}_path", variant.path)
    record.fact(f"{variant.slot}_before", variant.before)
    record.fact(f"{variant.slot}_after", variant.after)


def _measures_otherwise(subject: Subject, varied: Subject, batch: Batch) -> bool:
    """Tell whether the loss of one and the same model is another under the changed settings."""
    model = subject.model()
    return subject.evaluate(model, [batch]) != varied.evaluate(model, [batch])
