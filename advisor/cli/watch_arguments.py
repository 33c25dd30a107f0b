"""What only ``advisor watch`` takes. Imports nothing heavy, as ``arguments`` does."""

from __future__ import annotations

import argparse

from advisor.cli.argument_types import positive
from advisor.language import tell, word

DESCRIPTION = """\
Judge logs again whenever they grew, and say what changed. With --fail-on it ends with exit code 1
as soon as there is such a finding; Ctrl-C ends it with 130.
"""


def watching(command: argparse.ArgumentParser) -> None:
    """Add how often to look, when to end, and whom to tell."""
    command.description = word(DESCRIPTION)
    looks = command.add_argument_group(word("looks"))
    looks.add_argument(
        "--every", type=_seconds, default=30.0, metavar="SECONDS", help=word("default: 30")
    )
    looks.add_argument("--once", action="store_true", help=word("look once, and end"))
    looks.add_argument(
        "--until-idle",
        type=_seconds,
        metavar="SECONDS",
        help=word("end when nothing changed for so long, with the exit code of `advisor run`"),
    )
    told = command.add_argument_group(word("who is told"))
    told.add_argument(
        "--exec",
        metavar="COMMAND",
        help=word(
            "run this for each new finding at --fail-on (default: warning) or above: the finding "
            "is JSON on its standard input; no shell"
        ),
    )
    told.add_argument(
        "--confirm",
        type=positive,
        default=1,
        metavar="N",
        help=word("a finding counts for --fail-on and --exec after N looks in a row (default: 1)"),
    )
    told.add_argument(
        "--serve",
        metavar="[HOST:]PORT",
        help=word(
            "show the page, and keep it up to date; other machines reach it only if HOST says so"
        ),
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 604_800:
        said = tell("'{text:given}' is no number of seconds from 0.1 to a week", text=text)
        raise argparse.ArgumentTypeError(said)
    return seconds
