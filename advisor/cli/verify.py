"""``advisor verify``: try what a report proposes by short trainings, and report what came out."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.cli import OK, common
from advisor.cli.run import TERMINAL, show
from advisor.cli.verifying import requested, verified
from advisor.composing.output import plan_outputs
from advisor.report.saved import load


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    settings = common.settings(options)
    plugins = common.plugins(settings)
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    request = requested(options, options.target, options.only or ())
    report = verified(load(Path(options.report)), request, settings, plugins)
    show(report, outputs, plugins.renderers[TERMINAL])
    return OK
