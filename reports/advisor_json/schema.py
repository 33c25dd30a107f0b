"""The JSON Schema of the report, made from its classes.

``python -m advisor_json.schema > docs/report.schema.json`` writes the published one.
"""

from __future__ import annotations

import json
import sys

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from advisor.report import SCHEMA_VERSION, Report


class _Schema(GenerateJsonSchema):
    """Pydantic's own schema, but true of the numbers that JSON cannot spell."""

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """Let a number be non-finite too, unless its bounds rule that out."""
        number = super().float_schema(schema)
        if "minimum" in number or "maximum" in number:
            return number
        return {"anyOf": [number, {"enum": ["NaN", "Infinity", "-Infinity"]}]}


def schema_text() -> str:
    """Return the JSON Schema that ``report.json`` follows, with a final newline."""
    schema = Report.model_json_schema(by_alias=True, mode="serialization", schema_generator=_Schema)
    head = {
        "$schema": _Schema.schema_dialect,
        "title": f"advisor report, schema version {SCHEMA_VERSION}",
    }
    return json.dumps(head | {k: v for k, v in schema.items() if k not in head}, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
