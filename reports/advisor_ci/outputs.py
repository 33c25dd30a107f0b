"""The outputs of the GitHub Action: ``python -m advisor_ci.outputs REPORT.json``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from advisor.report import Report
from advisor_ci.remarks import plain


def outputs(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each output; no value has more than one line."""
    verdict = report.verdict
    yield "verdict", plain(verdict.message)
    yield "severity", verdict.severity.value if verdict.severity else "none"
    yield "errors", str(verdict.errors)
    yield "warnings", str(verdict.warnings)
    yield "notes", str(verdict.notes)
    yield "new", str(len(report.comparison.new)) if report.comparison else ""


def main(arguments: Sequence[str]) -> int:
    """Print the outputs of a saved report as ``GITHUB_OUTPUT`` takes them."""
    (path,) = arguments
    report = Report.from_json(Path(path).read_bytes())
    sys.stdout.writelines(f"{name}={value}\n" for name, value in outputs(report))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
