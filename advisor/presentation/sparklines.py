"""Curves in a line of text: block characters, with the evidence in brackets."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.drawing.drawn import Curve
from advisor.finding import Finding
from advisor.presentation import curve_of, run_entry
from advisor.report import Report

BLOCKS = "▁▂▃▄▅▆▇█"
"""The characters of a sparkline, lowest first."""

GAP = "·"
"""What stands in a sparkline where no finite value was logged."""


def sparkline(curve: Curve, width: int = 22) -> str:
    """Draw a curve in ``width`` block characters; a gap where it holds no finite value.

    The scale leaves out a tall start, which would flatten the rest: those blocks are full.
    """
    return "".join(_blocks(curve, width))


def marked_sparkline(curve: Curve, first_step: int, last_step: int, width: int = 22) -> str:
    """Draw a curve as ``sparkline`` does, with a stretch of steps in brackets: ``▇▃▁[▂▅█]``."""
    blocks = _blocks(curve, width)
    if not blocks:
        return ""
    inside = [i for i, step in enumerate(curve.steps) if first_step <= step <= last_step]
    # A stretch between two buckets belongs to the one that it runs into.
    after = next((i for i, step in enumerate(curve.steps) if step > last_step), -1)
    first, last = (inside[0], inside[-1]) if inside else (after, after)
    count = len(curve.steps)
    left, right = (_block_of(index % count, count, len(blocks)) for index in (first, last))
    head, marked, tail = blocks[:left], blocks[left : right + 1], blocks[right + 1 :]
    return "".join((*head, "[", *marked, "]", *tail))


def evidence_sparkline(report: Report, finding: Finding, width: int = 22) -> tuple[str, str] | None:
    """Return the first series of a finding that is drawn, and its sparkline with the evidence."""
    for evidence in finding.evidence:
        for name in finding.runs:
            run = run_entry(report, name)
            curve = curve_of(run, evidence.series) if run else None
            if curve and (
                drawn := marked_sparkline(curve, evidence.first_step, evidence.last_step, width)
            ):
                return evidence.series, drawn
    return None


def _blocks(curve: Curve, width: int) -> list[str]:
    means = [_mean(bucket) for bucket in _split(curve.mean, width)]
    known = [mean for mean in means if mean is not None]
    if not known:
        return []
    settled = [m for m in means[len(means) // 8 :] if m is not None] or known
    low, high = min(known), max(settled)
    return [GAP if mean is None else block(mean, low, high) for mean in means]


def _block_of(index: int, count: int, blocks: int) -> int:
    """Return the block that holds the bucket ``index`` of ``count``: the reverse of ``_split``."""
    return ((index + 1) * blocks - 1) // count


def block(value: float, low: float, high: float) -> str:
    """Return the block character of a value between the lowest and the highest that is shown."""
    if high <= low:
        return BLOCKS[0]
    place = (value - low) / (high - low) * (len(BLOCKS) - 1)
    return BLOCKS[round(min(max(place, 0), len(BLOCKS) - 1))]


def _split(values: tuple[float | None, ...], width: int) -> Iterator[tuple[float | None, ...]]:
    count = min(width, len(values))
    for index in range(count):
        yield values[index * len(values) // count : (index + 1) * len(values) // count]


def _mean(bucket: tuple[float | None, ...]) -> float | None:
    known = [value for value in bucket if value is not None]
    return sum(known) / len(known) if known else None
