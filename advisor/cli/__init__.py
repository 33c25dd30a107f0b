"""The command line. ``--help`` needs nothing but the standard library."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from advisor.cli.arguments import parser
from advisor.errors import UsageError
from advisor.language import ENGLISH, LANGUAGES, Catalogue, speak, tell, word

OK, FINDINGS, USAGE, FAILED = 0, 1, 2, 3
"""Exit codes: nothing at the level asked for; findings; a usage error or not one run readable;
advisor itself failed."""

INTERRUPTED = 130

LANGUAGE = "ADVISOR_LANGUAGE"
"""The environment variable that says in which language to speak, if no option does."""

_FULL = {errno.ENOSPC, errno.EDQUOT}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    _prepare_output()
    _speak(given)
    if not given:
        parser(given).print_help(sys.stderr)
        return USAGE
    options = parser(given).parse_args(given)
    try:
        command = import_module(f"advisor.cli.{options.module}")
        code: int = command.execute(options)
        sys.stdout.flush()
    except UsageError as error:
        print(f"advisor: {error}", file=sys.stderr)  # noqa: T201  # this is the command line
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough, as in `advisor rules | head`.
        _hush()
        return OK
    except OSError as error:
        # Files that are written say themselves what went wrong: this is standard output.
        return _full(error) if error.errno in _FULL and error.filename is None else _failed()
    except Exception:  # noqa: BLE001  # the last resort: say so, and say where to report it
        return _failed()
    return code


def _prepare_output() -> None:
    """Let nothing that is printed end in an error, whatever our output is connected to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name may hold what the terminal's encoding cannot: better a `?` than no report.
        sys.stdout.reconfigure(errors="replace")


def _speak(given: Sequence[str]) -> None:
    """Speak the language that is asked for, before the settings are known that may name another."""
    words = [part for text in given for part in text.split("=", 1)]
    option = words.index("--language") + 1 if "--language" in words else len(words)
    asked = "".join(words[option : option + 1]) or os.environ.get(LANGUAGE)
    if asked is None or asked not in LANGUAGES or asked == ENGLISH:
        speak(Catalogue())
        return
    from advisor.wording.catalogues import load_catalogue

    speak(load_catalogue(asked))


def _hush() -> None:
    """Let what is still to be written go nowhere, so that Python can end in order."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _full(error: OSError) -> int:
    _hush()
    text = "standard output: cannot be written: {why:given}"
    print(f"advisor: {tell(text, why=error.strerror)}", file=sys.stderr)  # noqa: T201  # this is the command line
    return USAGE


def _failed() -> int:
    import traceback

    traceback.print_exc()
    said = word("this is a fault of advisor itself; please report it")
    print(f"advisor: {said}", file=sys.stderr)  # noqa: T201  # this is the command line
    return FAILED
