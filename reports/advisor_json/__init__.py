"""The report as JSON: exactly the document that the other formats are written from."""

from __future__ import annotations

from advisor.hookspecs import hookimpl
from advisor.renderer import Renderer
from advisor.report import Report


class JsonRenderer:
    """Writes the report as JSON; ``advisor_json.schema`` writes the schema that it follows."""

    name = "json"
    suffix = ".json"
    summary = "everything in the report, for programs"

    def render(self, report: Report) -> str:
        """Write the report."""
        return report.to_json()


@hookimpl
def register_renderers() -> tuple[Renderer, ...]:
    """Declare the format."""
    return (JsonRenderer(),)
