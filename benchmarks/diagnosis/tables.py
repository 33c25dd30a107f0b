"""Rates and tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def shown(figure: dict[str, Any]) -> str:
    """Return a rate as counts, and as a share with its interval where it has one."""
    if not figure["of"]:
        return ""
    counts = f"{figure['part']:g} of {figure['of']}"
    if "interval" not in figure:
        return counts
    low, high = figure["interval"]
    return f"{counts}, {figure['part'] / figure['of']:.1%} ({low:.1%} to {high:.1%})"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table; cells hold no vertical bars."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
