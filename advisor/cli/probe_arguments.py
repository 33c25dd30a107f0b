"""What commands take that train a user's model. Imports nothing heavy, as ``arguments`` does."""

from __future__ import annotations

import argparse

from advisor.cli.argument_types import listed, positive
from advisor.language import word

_TARGET = "a ProbeTarget, or a function that returns one: package.module:name or file.py:name"


def probing(command: argparse.ArgumentParser) -> None:
    """Add what ``advisor probe`` measures, and how."""
    command.add_argument("target", metavar="TARGET", help=word(_TARGET))
    what = command.add_argument_group(word("what to measure"))
    what.add_argument("--plan", action="store_true", help=word("say what it would cost, and stop"))
    listed(what, "--only", "PROBE", word("run only these probes"))
    _budget(what)
    how = command.add_argument_group(word("how"))
    _training(how)
    _log(how, "--log")
    executing(how)
    _trying(command)


def verifying(command: argparse.ArgumentParser) -> None:
    """Add which changes ``advisor verify`` tries, and how."""
    command.add_argument(
        "report", metavar="REPORT.json", help=word("a report as JSON, or its page")
    )
    command.add_argument("--target", metavar="TARGET", required=True, help=word(_TARGET))
    what = command.add_argument_group(word("what to try"))
    listed(what, "--only", "PARAMETER", word("try only changes of these, such as learning_rate"))
    _pairs(what, "--steps")
    _budget(what)
    how = command.add_argument_group(word("how"))
    _training(how)
    executing(how)


def settling(command: argparse.ArgumentParser) -> None:
    """Add by what program ``advisor run`` settles its diagnoses."""
    probe = command.add_argument_group(word("probe, to settle the diagnoses"))
    probe.add_argument("--probe", metavar="TARGET", help=word(_TARGET))
    _budget(probe)
    _training(probe)
    _log(probe, "--probe-log")
    _trying(command)


def executing(group: argparse._ArgumentGroup) -> None:
    """Add what carries out the work."""
    group.add_argument(
        "--executor",
        metavar="NAME",
        help=word(
            "what carries out the work, such as a cluster: a plugin's (default: this machine)"
        ),
    )


def _trying(command: argparse.ArgumentParser) -> None:
    """Add whether the changes that come out are tried at once, and how."""
    group = command.add_argument_group(word("verify, to try the changes"))
    group.add_argument(
        "--verify",
        action="store_true",
        help=word(
            "try the changes that are proposed, as `advisor verify` does; --budget holds anew"
        ),
    )
    _pairs(group, "--verify-steps")


def _pairs(group: argparse._ArgumentGroup, steps: str) -> None:
    """Add how changes are tried."""
    group.add_argument(
        steps,
        dest="verify_steps",
        type=positive,
        default=500,
        metavar="N",
        help=word("of each training (default: 500)"),
    )
    group.add_argument(
        "--margin",
        default="1%",
        metavar="SHARE",
        help=word("a gain or loss up to this share of the held-out loss is none (default: 1%%)"),
    )


def _budget(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--budget",
        metavar="N|TIME",
        help=word("at most so many training steps, or so much time (90s, 10m, 1h); default: 10m"),
    )


def _training(how: argparse._ArgumentGroup) -> None:
    how.add_argument(
        "--device", default="auto", help=word("cpu, cuda, cuda:1 … (default: a GPU if any)")
    )
    how.add_argument("--seed", type=int, default=0, metavar="N", help=word("default: 0"))
    how.add_argument(
        "--probe-seconds",
        type=positive,
        default=300,
        metavar="N",
        help=word("the longest that one probe or training may take (default: 300)"),
    )
    how.add_argument(
        "--memory", type=positive, metavar="MB", help=word("the most that one may use")
    )


def _log(how: argparse._ArgumentGroup, flag: str) -> None:
    how.add_argument(
        flag,
        default="advisor-probe",
        metavar="DIR",
        help=word("where the measurements are kept, for `advisor run` (default: advisor-probe)"),
    )
