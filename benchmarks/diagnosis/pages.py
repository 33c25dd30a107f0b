"""Writes what people read of the accuracy, from the committed figures alone.

python -m benchmarks.diagnosis.pages
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

from benchmarks.diagnosis.heldout import Look, last_look
from benchmarks.diagnosis.page import page
from benchmarks.diagnosis.publish import RESULTS

PAGE = Path("docs/accuracy.md")
README = Path("README.md")
BEGIN, END = "<!-- Written by `make bench-diagnosis`. -->", "<!-- End. -->"
"""What stands around the figures in the README."""

WIDTH = 104
"""Characters of a line of the README."""

SUMMARY = """\
On networks and data that no rule was tuned on, {right:.0%} of {warnings} warnings and errors were \
right, and {alarmed} of {healthy} healthy runs got a wrong one. Of the faults that cost a run more \
than half of what it learns {blatant:.0%} were named, of those that cost a tenth to a half \
{clear:.0%}; inputs out of scale are not among them, as they take a probe."""


def written(result: dict[str, Any], look: Look | None) -> dict[Path, str]:
    """Return the content of every file that follows from the figures."""
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    after = rest.partition(END)[2]
    return {
        PAGE: page(result, look),
        README: f"{before}{BEGIN}\n{summary(look)}\n{END}{after}" if look else readme,
    }


def summary(look: Look) -> str:
    """Return what a look at the held-out split came to, in two sentences."""
    rates = {name: look.rates[f"all.{name}"] for name in (
        "precision", "healthy_alarmed", "recall.blatant", "recall.clear")}  # fmt: skip
    shares = {name: rate["part"] / rate["of"] for name, rate in rates.items()}
    said = SUMMARY.format(
        right=shares["precision"],
        warnings=rates["precision"]["of"],
        alarmed=round(rates["healthy_alarmed"]["part"]),
        healthy=rates["healthy_alarmed"]["of"],
        blatant=shares["recall.blatant"],
        clear=shares["recall.clear"],
    )
    return textwrap.fill(said, WIDTH)


def write(result: dict[str, Any]) -> None:
    """Write them."""
    for file, text in written(result, last_look()).items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(json.loads(RESULTS.read_text(encoding="utf-8")))
