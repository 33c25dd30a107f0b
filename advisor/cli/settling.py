"""``advisor run LOGS --probe TARGET``: probe what the diagnoses ask for, and settle them by it."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.cli import common
from advisor.cli.probing import budget, described, executor, prober
from advisor.cli.verifying import requested, verified
from advisor.composing.settle import probes_asked, settled
from advisor.engine import Request, analyze
from advisor.errors import UsageError
from advisor.language import word
from advisor.manager import Plugins
from advisor.prober import ProbeRequest, VerifyRequest
from advisor.report import Report
from advisor.report.redact import redact
from advisor.settings import Settings


def to_verify(options: argparse.Namespace) -> VerifyRequest | None:
    """Return what ``--verify`` is to try; ``None`` without it. Raises ``UsageError``."""
    if options.verify and not options.probe:
        raise UsageError("--verify trains your program: name it by --probe TARGET")
    return requested(options, options.probe) if options.verify else None


def probed(
    report: Report,
    options: argparse.Namespace,
    verification: VerifyRequest | None,
    settings: Settings,
    plugins: Plugins,
) -> Report:
    """Settle a report by probes, and try what it still proposes, as far as the options ask for it.

    Ctrl-C while probes run ends both. Raises ``UsageError`` if the target cannot be probed.
    """
    interrupted = False
    if options.probe:
        report, interrupted = _settled(report, options, settings, plugins)
    if verification is None or interrupted:
        return report
    return verified(report, verification, settings, plugins)


def _settled(
    report: Report, options: argparse.Namespace, settings: Settings, plugins: Plugins
) -> tuple[Report, bool]:
    """Run the probes that a report's hypotheses ask for; tell whether Ctrl-C ended them."""
    asked = probes_asked(report, plugins.rules)
    if not asked:
        common.say(f"advisor: {word('no diagnosis asks for a probe; the target was not trained')}")
        return report, False
    request = _request(options, asked)
    mine = prober(plugins)
    plan = mine.plan(request)
    for line in described(plan):
        common.say(line)
    done = mine.run(request, plan, common.say, executor(settings, plugins))
    here = {"select": done.rules, "objective": None, "executor": None}
    measured = analyze(Request((request.folder,)), settings.model_copy(update=here), plugins)
    found = settled(report, measured.report, plugins.rules)
    return (found if settings.show_secrets else redact(found)), done.interrupted


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
