"""``advisor render``: write a saved report in other formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.cli import OK, common
from advisor.cli.run import TERMINAL, show
from advisor.composing.output import plan_outputs
from advisor.report.saved import load


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    plugins = common.plugins(common.settings(options))
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    show(load(Path(options.report)), outputs, plugins.renderers[TERMINAL])
    return OK
