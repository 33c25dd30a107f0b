"""Reports that were saved as JSON, or as a page that holds it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from advisor.errors import UsageError, system_reason
from advisor.report import Report
from advisor.report.enclosed import is_page, taken_out

_HEAD = 256
"""Bytes; a report names its schema's version first."""


def is_report(path: Path) -> bool:
    """Tell whether a path is a file that begins as a report does. Raises ``OSError``."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return is_page(head) or (head.lstrip().startswith(b"{") and b'"schema_version"' in head)


def load(path: Path) -> Report:
    """Read a saved report. Raises ``UsageError``."""
    try:
        content = path.read_bytes()
        return Report.from_json(taken_out(content) if is_page(content) else content)
    except OSError as error:
        text = "{path:given}: cannot be read: {why:given}"
        raise UsageError(text, path=path, why=system_reason(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        what = ": ".join([".".join(map(str, first["loc"])), first["msg"]]).removeprefix(": ")
        raise UsageError(_WRONG, path=path, what=what) from error
    except ValueError as error:
        raise UsageError(_WRONG, path=path, what=error) from error


_WRONG = "{path:given}: {what:given}; give a file that `advisor run --format json` wrote"
