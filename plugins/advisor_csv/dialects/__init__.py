"""Whose table it is: one module for each logger, the surest first."""

from __future__ import annotations

from advisor_csv.dialect import Dialect, Look
from advisor_csv.dialects import generic, keras, lightning, monitor, reinforcement, ultralytics

DIALECTS: tuple[Dialect, ...] = (
    lightning.DIALECT,
    ultralytics.ULTRALYTICS,
    ultralytics.YOLOV5,
    monitor.DIALECT,
    reinforcement.STABLE_BASELINES,
    reinforcement.SPINNING_UP,
    keras.DIALECT,
)
"""The known loggers. What none of them wrote is a plain table."""


def recognize(look: Look) -> Dialect:
    """Return the dialect of a table, by its header and its place."""
    return next((dialect for dialect in DIALECTS if dialect.fits(look)), generic.DIALECT)
