"""What the command line takes. Imports nothing heavy, so that ``--help`` answers at once."""

from __future__ import annotations

import argparse

from advisor.cli.argument_types import listed, positive
from advisor.cli.probe_arguments import probing, settling, verifying
from advisor.cli.watch_arguments import watching
from advisor.version import __version__

LANGUAGES = ("en", "zh")
"""Those of ``advisor.language``, which would import more than ``--help`` needs."""

_EXAMPLES = """\
examples:
  advisor run lightning_logs             judge the runs there, print what to change
  advisor run logs -o report.html        write the page as well
  advisor run logs --format html,markdown -o out/
  advisor watch logs --fail-on error     judge while they grow; end as soon as a run is lost
  advisor probe train.py:target          train your own model for a few hundred steps, and judge
  advisor verify report.json --target train.py:target    do its changes help? try them
  advisor inspect logs                   how every series was understood
  advisor explain overfitting            what a rule checks, and why

exit codes: 0 nothing at --fail-on or above; 1 findings; 2 usage error, or no run could be read;
3 advisor itself failed
"""


_SEVERITIES = ("error", "warning", "note")


def parser() -> argparse.ArgumentParser:
    """Return the parser; each command names the module that carries it out."""
    top = argparse.ArgumentParser(
        prog="advisor",
        description="Tells you what is wrong with a training run and what to change next.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"advisor {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _run(_command(commands, "run", "read logs, judge the runs, and report"))
    _watch(_command(commands, "watch", "judge logs while they grow, and say what changed"))
    _probe(_command(commands, "probe", "train a model of yours for a few steps, and judge"))
    _verify(_command(commands, "verify", "try the changes that a saved report proposes"))
    _inspect(_command(commands, "inspect", "show how runs and series were understood"))
    _render(_command(commands, "render", "write a saved report in other formats"))
    _rules(_command(commands, "rules", "list the rules"))
    _explain(_command(commands, "explain", "explain a rule"))
    return top


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    command.set_defaults(module=name)
    return command


def _run(command: argparse.ArgumentParser) -> None:
    _logs(command)
    _outputs(command)
    command.add_argument(
        "--config-file",
        action="append",
        default=[],
        metavar="FILE",
        help="settings of the training (.yaml, .json, .toml, .py): changes name the line to edit",
    )
    command.add_argument(
        "--baseline",
        metavar="REPORT.json|LOGS",
        help="compare with an earlier report, or with earlier logs: what is new, fixed, better",
    )
    _judging(command)
    settling(command)
    work = command.add_argument_group("work")
    work.add_argument("--jobs", type=positive, metavar="N", help="worker processes")
    work.add_argument("--profile", metavar="FILE", help="write the times that were spent as JSON")


def _watch(command: argparse.ArgumentParser) -> None:
    _logs(command)
    watching(command)
    _outputs(command)
    _judging(command)
    command.add_argument("--jobs", type=positive, metavar="N", help="worker processes at first")


def _judging(command: argparse.ArgumentParser) -> None:
    rules = command.add_argument_group("rules")
    listed(rules, "--select", "RULE", "run only these rules or stages")
    listed(rules, "--ignore", "RULE", "leave these rules or stages out")
    rules.add_argument(
        "--fail-on",
        choices=(*_SEVERITIES, *(f"new-{severity}" for severity in _SEVERITIES), "never"),
        help="the least severity that makes the exit code 1 (default: error); with new-, only of "
        "findings that the --baseline does not have",
    )
    rules.add_argument(
        "--strict",
        action="store_true",
        default=None,
        help="exit with 2 if any file could not be read",
    )
    _secrets(rules)


def _secrets(group: argparse._ArgumentGroup | argparse.ArgumentParser) -> None:
    group.add_argument(
        "--show-secrets",
        action="store_true",
        default=None,
        help="do not redact secrets, addresses, hosts and home directories",
    )


def _probe(command: argparse.ArgumentParser) -> None:
    probing(command)
    _outputs(command)
    _judging(command)
    _plugins(command)


def _verify(command: argparse.ArgumentParser) -> None:
    verifying(command)
    _outputs(command)
    _secrets(command)
    _plugins(command)


def _inspect(command: argparse.ArgumentParser) -> None:
    _logs(command)
    command.add_argument(
        "--all", action="store_true", help="show every series, not only those with a role"
    )


def _logs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "logs",
        nargs="*",
        metavar="LOGS",
        help="directories or files (default: runs, lightning_logs, wandb, mlruns here)",
    )
    which = command.add_argument_group("which runs")
    which.add_argument("--runs", metavar="GLOB", help="only runs whose name matches")
    which.add_argument(
        "--newer-than",
        metavar="WHEN",
        help="only runs written to since a date (2026-11-20) or in the last 90m, 12h, 3d",
    )
    which.add_argument(
        "--last", type=positive, metavar="N", help="only the N most recently written runs"
    )
    which.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        default=None,
        help="read every log again, and keep nothing of it in the cache directory",
    )
    meaning = command.add_argument_group("meaning")
    meaning.add_argument(
        "--objective",
        metavar="SERIES[:min|max]",
        help="what runs are judged by, such as val/auc:max",
    )
    _plugins(command)


def _plugins(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--plugin",
        action="append",
        default=[],
        metavar="FILE",
        help="a Python file with rules, readers or formats of your own",
    )
    command.add_argument(
        "--config", metavar="FILE", help="settings file (default: advisor.toml, pyproject.toml)"
    )


def _outputs(command: argparse.ArgumentParser) -> None:
    output = command.add_argument_group("output")
    listed(
        output,
        "--format",
        "FORMAT",
        "terminal, html, markdown, json, junit, sarif …; several with commas",
    )
    output.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="PATH",
        help="file, or directory for several formats; - for standard output",
    )
    output.add_argument(
        "--language",
        choices=LANGUAGES,
        help="of the report; JSON is always in English (default: ADVISOR_LANGUAGE, else en)",
    )


def _render(command: argparse.ArgumentParser) -> None:
    command.add_argument("report", metavar="REPORT.json", help="a report as JSON, or its page")
    _outputs(command)
    _plugins(command)


def _rules(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _plugins(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("rule", metavar="RULE", help="a rule's name, as `advisor rules` lists it")
    _plugins(command)
