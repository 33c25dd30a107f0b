"""LLaMA-Factory's ``trainer_log.jsonl``: a row for each time that the Trainer logged."""

from __future__ import annotations

import math
import re
from typing import Any

from advisor.formats.tables.json_lines import json_object

LOG = "trainer_log.jsonl"
STEP, TOTAL = "current_steps", "total_steps"
PROGRESS = frozenset({STEP, TOTAL, "percentage", "elapsed_time", "remaining_time"})
"""What tells how far the run is, not how well it does."""

_CLOCK = re.compile(r"(?:(\d{1,6}) days?, )?(\d{1,6}):(\d\d):(\d\d)")


def fits(head: bytes) -> bool:
    """Tell by its first line whether a file is such a log."""
    row = json_object(head.strip().partition(b"\n")[0])
    return row is not None and STEP in row and TOTAL in row


def elapsed(row: dict[str, Any]) -> float:
    """Return the seconds since the start at which a row was written; NaN if it does not say."""
    found = _CLOCK.fullmatch(str(row.get("elapsed_time")))
    if found is None:
        return math.nan
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
