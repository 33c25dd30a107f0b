"""``advisor run LOGS --probe TARGET``: probe what the diagnoses ask for, and settle them by it."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.cli import common
from advisor.cli.probing import budget, described, prober
from advisor.engine import Request, analyze
from advisor.language import word
from advisor.manager import Plugins
from advisor.prober import ProbeRequest
from advisor.redact import redact
from advisor.report import Report
from advisor.settings import Settings
from advisor.settle import probes_asked, settled


def settled_by_probe(
    report: Report, options: argparse.Namespace, settings: Settings, plugins: Plugins
) -> Report:
    """Run the probes that a report's hypotheses ask for, and say what they settle.

    Raises ``UsageError`` if the target cannot be probed.
    """
    asked = probes_asked(report, plugins.rules)
    if not asked:
        common.say(f"advisor: {word('no diagnosis asks for a probe; the target was not trained')}")
        return report
    request = _request(options, asked)
    mine = prober(plugins)
    plan = mine.plan(request)
    for line in described(plan):
        common.say(line)
    done = mine.run(request, plan, common.say)
    chosen = settings.model_copy(update={"select": done.rules, "objective": None})
    probed = analyze(Request((request.folder,)), chosen, plugins).report
    found = settled(report, probed, plugins.rules)
    return found if settings.show_secrets else redact(found)


def _request(options: argparse.Namespace, probes: tuple[str, ...]) -> ProbeRequest:
    steps, seconds = budget(options.budget)
    return ProbeRequest(
        target=options.probe,
        folder=Path(options.probe_log),
        only=probes,
        steps=steps,
        seconds=seconds,
        device=options.device,
        seed=options.seed,
        probe_seconds=options.probe_seconds,
        megabytes=options.memory,
    )
