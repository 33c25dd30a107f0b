"""What the command line takes. Imports nothing heavy, so that ``--help`` answers at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

from advisor.cli.argument_types import Parser, listed, positive
from advisor.cli.probe_arguments import executing, probing, settling, verifying
from advisor.cli.watch_arguments import watching
from advisor.language import LANGUAGES, term, word
from advisor.version import __version__

TYPE_CHECKING = False  # as in ``advisor``
if TYPE_CHECKING:
    from typing import Any

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


def parser(given: Iterable[str]) -> Parser:
    """Return the parser of a command line; only a command that it names is more than a name."""
    top = Parser(
        prog="advisor",
        description=word("Tells you what is wrong with a training run and what to change next."),
        epilog=word(_EXAMPLES),
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"advisor {__version__}",
        help=word("show program's version number and exit"),
    )
    _language(top)
    named = set(given)

    class Command(Parser):
        def __init__(self, **options: Any) -> None:
            if options["prog"].rpartition(" ")[2] in named:
                super().__init__(**options)

    commands = top.add_subparsers(required=True, metavar="COMMAND", parser_class=Command)
    for name, what, arguments in _COMMANDS:
        said = word(what)
        full = f"{said[0].upper()}{said[1:]}{word('.')}"
        command = commands.add_parser(name, help=said, description=full)
        if name in named:
            command.set_defaults(module=name)
            arguments(command)
    return top


def _run(command: argparse.ArgumentParser) -> None:
    _logs(command)
    _outputs(command)
    _held_against(command)
    _judging(command)
    settling(command)
    work = command.add_argument_group(word("work"))
    work.add_argument("--jobs", type=positive, metavar="N", help=word("worker processes"))
    executing(work)
    work.add_argument(
        "--profile", metavar="FILE", help=word("write the times that were spent as JSON")
    )


def _held_against(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--config-file",
        action="append",
        default=[],
        metavar="FILE",
        help=word(
            "settings of the training (.yaml, .json, .toml, .py): changes name the line to edit"
        ),
    )
    command.add_argument(
        "--baseline",
        metavar="REPORT.json|LOGS",
        help=word(
            "compare with an earlier report, or with earlier logs: what is new, fixed, better"
        ),
    )


def _watch(command: argparse.ArgumentParser) -> None:
    _logs(command)
    watching(command)
    _outputs(command)
    _held_against(command)
    _judging(command)
    command.add_argument(
        "--jobs", type=positive, metavar="N", help=word("worker processes at first")
    )


def _judging(command: argparse.ArgumentParser) -> None:
    rules = command.add_argument_group(word("rules"))
    listed(rules, "--select", "RULE", word("run only these rules or stages"))
    listed(rules, "--ignore", "RULE", word("leave these rules or stages out"))
    rules.add_argument(
        "--fail-on",
        choices=(*_SEVERITIES, *(f"new-{severity}" for severity in _SEVERITIES), "never"),
        help=word(
            "the least severity that makes the exit code 1 (default: error); with new-, only of "
            "findings that the --baseline does not have"
        ),
    )
    rules.add_argument(
        "--strict",
        action="store_true",
        default=None,
        help=word("exit with 2 if any file could not be read"),
    )
    _secrets(rules)


def _secrets(group: argparse._ArgumentGroup | argparse.ArgumentParser) -> None:
    group.add_argument(
        "--show-secrets",
        action="store_true",
        default=None,
        help=word("do not redact secrets, addresses, hosts and home directories"),
    )


def _probe(command: argparse.ArgumentParser) -> None:
    probing(command)
    _outputs(command)
    _judging(command)
    _common(command)


def _verify(command: argparse.ArgumentParser) -> None:
    verifying(command)
    _outputs(command)
    _secrets(command)
    _common(command)


def _inspect(command: argparse.ArgumentParser) -> None:
    _logs(command)
    command.add_argument(
        "--all", action="store_true", help=word("show every series, not only those with a role")
    )


def _logs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "logs",
        nargs="*",
        metavar="LOGS",
        help=word("directories or files (default: runs, lightning_logs, wandb, mlruns here)"),
    )
    which = command.add_argument_group(word("which runs"))
    which.add_argument("--runs", metavar="GLOB", help=word("only runs whose name matches"))
    which.add_argument(
        "--newer-than",
        metavar="WHEN",
        help=word("only runs written to since a date (2026-11-20) or in the last 90m, 12h, 3d"),
    )
    which.add_argument(
        "--last", type=positive, metavar="N", help=word("only the N most recently written runs")
    )
    which.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        default=None,
        help=word("read every log again, and keep nothing of it in the cache directory"),
    )
    meaning = command.add_argument_group(word("meaning"))
    meaning.add_argument(
        "--objective",
        metavar="SERIES[:min|max]",
        help=word("what runs are judged by, such as val/auc:max"),
    )
    _common(command)


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language",
        choices=tuple(LANGUAGES),
        default=argparse.SUPPRESS,
        help=word(
            "of reports and messages; JSON is always in English (default: ADVISOR_LANGUAGE, else "
            "en)"
        ),
    )


def _common(command: argparse.ArgumentParser) -> None:
    _language(command)
    command.add_argument(
        "--plugin",
        action="append",
        default=[],
        metavar="FILE",
        help=word("a Python file with rules, readers or formats of your own"),
    )
    command.add_argument(
        "--config",
        metavar="FILE",
        help=word("settings file (default: advisor.toml, pyproject.toml)"),
    )


def _outputs(command: argparse.ArgumentParser) -> None:
    output = command.add_argument_group(word("output"))
    listed(
        output,
        "--format",
        "FORMAT",
        word("terminal, html, markdown, json, junit, sarif …; several with commas"),
    )
    output.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="PATH",
        help=word("file, or directory for several formats; - for standard output"),
    )


def _render(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "report", metavar="REPORT.json", help=word("a report as JSON, or its page")
    )
    _outputs(command)
    _common(command)


def _rules(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=("text", "json"), default="text", help=word("default: text")
    )
    _common(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "rule", metavar="RULE", help=word("a rule's name, as `advisor rules` lists it")
    )
    _common(command)


_COMMANDS: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("run", term("read logs, judge the runs, and report"), _run),
    ("watch", term("judge logs while they grow, and say what changed"), _watch),
    ("probe", term("train a model of yours for a few steps, and judge"), _probe),
    ("verify", term("try the changes that a saved report proposes"), _verify),
    ("inspect", term("show how runs and series were understood"), _inspect),
    ("render", term("write a saved report in other formats"), _render),
    ("rules", term("list the rules"), _rules),
    ("explain", term("explain a rule"), _explain),
)
"""Each with what it does, and its arguments; the module of its name carries it out."""
