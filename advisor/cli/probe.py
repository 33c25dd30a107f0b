"""``advisor probe``: train a user's model for a few hundred steps, and judge what that shows."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from advisor.cli import INTERRUPTED, OK, common
from advisor.cli.run import TERMINAL, exit_code, show
from advisor.engine import Request, analyze
from advisor.errors import UsageError
from advisor.manager import Plugins
from advisor.output import plan_outputs
from advisor.prober import PlannedProbe, Prober, ProbeRequest

DEFAULT_SECONDS = 600.0
"""Time to spend where nobody says how much."""

_SECONDS = {"s": 1, "m": 60, "h": 3600}


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    settings = common.settings(options)
    plugins = common.plugins(settings)
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    mine, request = prober(plugins), _request(options)
    plan = mine.plan(request)
    if options.plan:
        sys.stdout.writelines(f"{line}\n" for line in described(plan))
        return OK
    for line in described(plan):
        common.say(line)
    probed = mine.run(request, plan, common.say)
    chosen = settings.with_options(select=settings.select or probed.rules)
    analysis = analyze(Request((request.folder,)), chosen, plugins)
    show(analysis.report, outputs, plugins.renderers[TERMINAL])
    common.complain(analysis, plugins.readers)
    if probed.interrupted:
        return INTERRUPTED
    return exit_code(analysis.report, settings.fail_on, strict=settings.strict)


def described(plan: Sequence[PlannedProbe]) -> list[str]:
    """Return the plan as lines: each probe with its cost, and what is left out and why."""
    run = [probe for probe in plan if not probe.left_out]
    width = max((len(probe.name) for probe in plan), default=0)
    lines = [f"{p.name:{width}}  {p.steps:>6,} steps  {p.summary}" for p in run]
    lines += [f"{p.name:{width}}  left out: {p.left_out}" for p in plan if p.left_out]
    total = sum(probe.steps for probe in run)
    return [*lines, f"{len(run)} probes, at most {total:,} steps"]


def prober(plugins: Plugins) -> Prober:
    """Return what probes models. Raises ``UsageError`` if no plugin does."""
    if not plugins.probes:
        raise UsageError("no plugin probes models; reinstall tuning-advisor")
    return next(iter(plugins.probes.values()))


def _request(options: argparse.Namespace) -> ProbeRequest:
    steps, seconds = budget(options.budget)
    return ProbeRequest(
        target=options.target,
        folder=Path(options.log),
        only=tuple(options.only or ()),
        steps=steps,
        seconds=seconds,
        device=options.device,
        seed=options.seed,
        probe_seconds=options.probe_seconds,
        megabytes=options.memory,
    )


def budget(text: str | None) -> tuple[int | None, float | None]:
    """Return the steps or the seconds that ``--budget`` allows. Raises ``UsageError``."""
    if text is None:
        return None, DEFAULT_SECONDS
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.replace(",", ""))
    if found is None or (not found[2] and "." in found[1]):
        raise UsageError(f"--budget: {text!r} is neither a number of steps nor a time such as 10m")
    if found[2]:
        return None, float(found[1]) * _SECONDS[found[2]]
    return int(found[1]), None
