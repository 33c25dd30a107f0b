"""``advisor probe``: train a user's model for a few hundred steps, and judge what that shows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from advisor.cli import INTERRUPTED, OK, common
from advisor.cli.probing import budget, described, executor, prober
from advisor.cli.run import TERMINAL, exit_code, show
from advisor.cli.verifying import requested, verified
from advisor.composing.output import plan_outputs
from advisor.engine import Request, analyze
from advisor.prober import ProbeRequest


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    settings = common.settings(options)
    plugins = common.plugins(settings)
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    mine, request = prober(plugins), _request(options)
    verification = requested(options, options.target) if options.verify else None
    plan = mine.plan(request)
    if options.plan:
        sys.stdout.writelines(f"{line}\n" for line in described(plan))
        return OK
    for line in described(plan):
        common.say(line)
    probed = mine.run(request, plan, common.say, executor(settings, plugins))
    here = {"select": settings.select or probed.rules, "executor": None}
    analysis = analyze(Request((request.folder,)), settings.model_copy(update=here), plugins)
    report = analysis.report
    if verification and not probed.interrupted:
        report = verified(report, verification, settings, plugins)
    show(report, outputs, plugins.renderers[TERMINAL])
    common.complain(analysis, plugins.readers)
    if probed.interrupted:
        return INTERRUPTED
    return exit_code(report, settings.fail_on, strict=settings.strict)


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
