"""Whose lines they are: one module for each logger, the surest first."""

from __future__ import annotations

from collections.abc import Sequence

from advisor_jsonl.dialect import Dialect, Row
from advisor_jsonl.dialects import detectron2, fair, generic, mmcv, mmengine

DIALECTS: tuple[Dialect, ...] = (
    mmcv.DIALECT,
    mmengine.DIALECT,
    detectron2.DIALECT,
    fair.DIALECT,
)
"""The known loggers. What none of them wrote are plain lines."""


def recognize(rows: Sequence[Row]) -> Dialect:
    """Return the dialect of a log by its first rows."""
    return next((dialect for dialect in DIALECTS if dialect.fits(rows)), generic.DIALECT)
