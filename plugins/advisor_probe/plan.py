"""Which probes will run, in which order, and what each costs: nothing of the user's runs here."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence

from advisor.errors import UsageError, known_names, nearest
from advisor.prober import PlannedProbe, ProbeRequest
from advisor.text import told
from advisor_probe.catalogue import BY_NAME, PROBES, Probe
from advisor_probe.loading import check_spec

INSTALL = "pip install 'tuning-advisor[probe]'"


def planned(request: ProbeRequest) -> tuple[PlannedProbe, ...]:
    """Return every probe in order, those that will not run with the reason.

    Raises ``UsageError`` if the target cannot be right, or the system cannot isolate it.
    """
    can_isolate(request.target)
    return within(request)


def can_isolate(target: str) -> None:
    """Raise ``UsageError`` if the target cannot be right, the system cannot fork, or no torch."""
    if not hasattr(os, "fork"):
        raise UsageError("probing a model needs a system that can fork, such as Linux or macOS")
    check_spec(target)
    needs_torch()


def needs_torch() -> None:
    """Raise ``UsageError`` without torch."""
    if importlib.util.find_spec("torch") is None:
        text = "probing a model needs torch, which is not installed: {command:given}"
        raise UsageError(text, command=INSTALL)


def within(request: ProbeRequest) -> tuple[PlannedProbe, ...]:
    """Return every probe that a request names, in order; what its steps do not allow, left out.

    Raises ``UsageError`` for an unknown probe, or without torch.
    """
    needs_torch()
    for name in request.only:
        if name not in BY_NAME:
            hint = nearest(name, BY_NAME) or known_names(BY_NAME)
            text = "--only: no probe is named '{name:given}'{hint:sentence}"
            raise UsageError(text, name=name, hint=hint)
    return tuple(_spent(request.steps, [p for p in PROBES if _wanted(p, request)]))


def _wanted(probe: Probe, request: ProbeRequest) -> bool:
    return not request.only or probe.name in request.only


def _spent(budget: int | None, probes: Sequence[Probe]) -> Iterator[PlannedProbe]:
    """Spend a budget of steps in order; what no longer fits is left out, cheaper ones still run."""
    left = budget
    for probe in probes:
        fits = left is None or probe.steps <= left
        text = "needs {needed:step} steps, and {left:step} are left"
        why = "" if fits else told(text, needed=probe.steps, left=left)
        if left is not None and fits:
            left -= probe.steps
        yield PlannedProbe(probe.name, probe.summary, probe.steps, why)
