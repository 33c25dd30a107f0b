"""The report as JSON: exactly the document that the other formats are written from."""

from __future__ import annotations

import re

from advisor.hookspecs import hookimpl
from advisor.renderer import Renderer
from advisor.report import Report

_NUMBERS = re.compile(r'\[\n[^\[\]{}"]*\]')
"""A list of numbers that is written over several lines; no string holds a line break."""
_BREAK = re.compile(r"\n *")


class JsonRenderer:
    """Writes the report as JSON; ``advisor_json.schema`` writes the schema that it follows."""

    name = "json"
    suffix = ".json"
    summary = "everything in the report, for programs"

    def render(self, report: Report) -> str:
        """Write the report, indented, with non-finite numbers as strings.

        Each column of a curve stands on one line: one for each number would make the file of a
        study half as large again.
        """
        return _NUMBERS.sub(lambda found: _BREAK.sub("", found.group()), report.to_json())


@hookimpl
def register_renderers() -> tuple[Renderer, ...]:
    """Declare the format."""
    return (JsonRenderer(),)
