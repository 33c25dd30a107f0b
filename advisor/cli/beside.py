"""What is given beside logs: ``--config-file``, whose lines are named, and ``--baseline``."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from advisor.cli.baseline import load_baseline
from advisor.comparison import compare
from advisor.lines.places import with_places
from advisor.lines.values import Line, read_lines
from advisor.manager import Plugins
from advisor.report import Report
from advisor.settings import Settings


@dataclass(frozen=True, slots=True)
class Beside:
    """What each report of a command is completed by."""

    lines: tuple[Line, ...]
    """The values in the settings files of the training."""
    baseline: Report | None

    def complete(self, report: Report) -> Report:
        """Return a report that names lines of settings, and is held against the baseline."""
        placed = with_places(report, self.lines)
        return compare(placed, self.baseline) if self.baseline else placed


def beside(options: argparse.Namespace, settings: Settings, plugins: Plugins) -> Beside:
    """Read what is given beside the logs, each file once. Raises ``UsageError``."""
    earlier = options.baseline and Path(options.baseline)
    baseline = load_baseline(earlier, options.runs, settings, plugins) if earlier else None
    named = dict.fromkeys(map(Path, options.config_file))
    return Beside(tuple(line for path in named for line in read_lines(path)), baseline)
