"""``advisor render``: write a saved report in other formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from pydantic import ValidationError

from advisor.cli import OK, common
from advisor.cli.run import TERMINAL, show
from advisor.errors import UsageError
from advisor.output import plan_outputs
from advisor.report import Report


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    plugins = common.plugins(common.settings(options))
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    show(load(Path(options.report)), outputs, plugins.renderers[TERMINAL])
    return OK


def load(path: Path) -> Report:
    """Read a saved report. Raises ``UsageError``."""
    try:
        return Report.from_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        what = ": ".join([".".join(map(str, first["loc"])), first["msg"]]).removeprefix(": ")
        raise UsageError(f"{path}: {what}; {_CURE}") from error
    except ValueError as error:
        raise UsageError(f"{path}: {error}; {_CURE}") from error


_CURE = "give a file that `advisor run --format json` wrote"
