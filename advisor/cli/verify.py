"""``advisor verify``: try what a report proposes by short trainings, and report what came out."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.cli import OK, common
from advisor.cli.probing import budget, prober
from advisor.cli.run import TERMINAL, show
from advisor.cli.saved import load
from advisor.errors import UsageError
from advisor.language import word
from advisor.manager import Plugins
from advisor.output import plan_outputs
from advisor.prober import VerifyRequest
from advisor.redact import redact
from advisor.report import Report


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    settings = common.settings(options)
    plugins = common.plugins(settings)
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    report = verified(load(Path(options.report)), options, plugins)
    show(report if settings.show_secrets else redact(report), outputs, plugins.renderers[TERMINAL])
    return OK


def verified(report: Report, options: argparse.Namespace, plugins: Plugins) -> Report:
    """Return a report with what came of the changes that its findings propose.

    Raises ``UsageError``.
    """
    found = prober(plugins).verify(_request(options), report, common.say)
    if not found:
        said = word("no finding proposes a change of a setting; there is nothing to verify")
        common.say(f"advisor: {said}")
    return report.model_copy(update={"verifications": tuple(found)})


def _request(options: argparse.Namespace) -> VerifyRequest:
    steps, seconds = budget(options.budget)
    return VerifyRequest(
        target=options.target,
        only=tuple(options.only or ()),
        training=options.steps,
        margin=_share(options.margin),
        steps=steps,
        seconds=seconds,
        device=options.device,
        seed=options.seed,
        training_seconds=options.probe_seconds,
        megabytes=options.memory,
    )


def _share(text: str) -> float:
    """Return what ``--margin`` says: ``1%`` or ``0.01``."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise UsageError("--margin: '{text:given}' is no share such as 1% or 0.01", text=text)
    return share
