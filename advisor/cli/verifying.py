"""``--verify``, and ``advisor verify``: try proposed changes by short trainings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from advisor.cli import common
from advisor.cli.probing import budget, executor, prober
from advisor.errors import UsageError
from advisor.language import word
from advisor.manager import Plugins
from advisor.prober import VerifyRequest
from advisor.report import Report
from advisor.report.redact import redact
from advisor.settings import Settings


def requested(options: argparse.Namespace, target: str, only: Sequence[str] = ()) -> VerifyRequest:
    """Return what to try, and how. Raises ``UsageError`` for what cannot be meant."""
    steps, seconds = budget(options.budget)
    return VerifyRequest(
        target=target,
        only=tuple(only),
        training=options.verify_steps,
        margin=_share(options.margin),
        steps=steps,
        seconds=seconds,
        device=options.device,
        seed=options.seed,
        training_seconds=options.probe_seconds,
        megabytes=options.memory,
    )


def verified(
    report: Report, request: VerifyRequest, settings: Settings, plugins: Plugins
) -> Report:
    """Return a report with what came of the changes that its findings propose.

    Raises ``UsageError``.
    """
    carried_by = executor(settings, plugins)
    found = prober(plugins).verify(request, report, common.say, carried_by)
    if not found:
        said = word("no finding proposes a change of a setting; there is nothing to verify")
        common.say(f"advisor: {said}")
    report = report.model_copy(update={"verifications": tuple(found)})
    return report if settings.show_secrets else redact(report)


def _share(text: str) -> float:
    """Return what ``--margin`` says: ``1%`` or ``0.01``."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise UsageError("--margin: '{text:given}' is no share such as 1% or 0.01", text=text)
    return share
