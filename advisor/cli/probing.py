"""What commands share that train a user's own model: who does it, what it costs, what it may."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advisor.errors import UsageError
from advisor.executor import Executor
from advisor.language import tell, word
from advisor.manager import Plugins
from advisor.prober import PlannedProbe, Prober
from advisor.settings import Settings

DEFAULT_SECONDS = 600.0
"""Time to spend where nobody says how much."""

_SECONDS = {"s": 1, "m": 60, "h": 3600}


def described(plan: Sequence[PlannedProbe]) -> list[str]:
    """Return the plan as lines: each probe with its cost, and what is left out and why."""
    run = [probe for probe in plan if not probe.left_out]
    width = max((len(probe.name) for probe in plan), default=0)
    lines = [f"{p.name:{width}}  {p.steps:>6,} {word('steps')}  {word(p.summary)}" for p in run]
    lines += [
        f"{p.name:{width}}  {tell('left out: {why:sentence}', why=p.left_out)}"
        for p in plan
        if p.left_out
    ]
    total = sum(probe.steps for probe in run)
    text = "{n:count probe|probes}, at most {total:count step|steps}"
    return [*lines, tell(text, n=len(run), total=total)]


def prober(plugins: Plugins) -> Prober:
    """Return what probes models. Raises ``UsageError`` if no plugin does."""
    if not plugins.probes:
        raise UsageError("no plugin probes models; reinstall tuning-advisor")
    return next(iter(plugins.probes.values()))


def executor(settings: Settings, plugins: Plugins) -> Executor | None:
    """Return what is to carry out trials; ``None`` for this machine, one after the other.

    Raises ``UsageError`` if nobody declares it.
    """
    return None if settings.executor is None else plugins.executor(settings.executor)


def budget(text: str | None) -> tuple[int | None, float | None]:
    """Return the steps or the seconds that ``--budget`` allows. Raises ``UsageError``."""
    if text is None:
        return None, DEFAULT_SECONDS
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.replace(",", ""))
    if found is None or (not found[2] and "." in found[1]):
        what = "--budget: '{text:given}' is neither a number of steps nor a time such as 10m"
        raise UsageError(what, text=text)
    if found[2]:
        return None, float(found[1]) * _SECONDS[found[2]]
    return int(found[1]), None
