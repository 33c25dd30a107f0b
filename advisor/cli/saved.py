"""Reports that were saved as JSON, or as a page that holds it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from advisor.enclosed import is_page, taken_out
from advisor.errors import UsageError
from advisor.report import Report


def load(path: Path) -> Report:
    """Read a saved report. Raises ``UsageError``."""
    try:
        content = path.read_bytes()
        return Report.from_json(taken_out(content) if is_page(content) else content)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        what = ": ".join([".".join(map(str, first["loc"])), first["msg"]]).removeprefix(": ")
        raise UsageError(f"{path}: {what}; {_CURE}") from error
    except ValueError as error:
        raise UsageError(f"{path}: {error}; {_CURE}") from error


_CURE = "give a file that `advisor run --format json` wrote"
