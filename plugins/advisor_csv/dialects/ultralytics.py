"""Ultralytics and YOLOv5: ``results.csv`` with a row per epoch, beside ``args.yaml``.

Old releases pad header and cells with spaces and count epochs from 0, new ones from 1.
There is no total loss, only its parts. ``lr/pg0`` starts high where the bias warms up.
"""

from __future__ import annotations

import re

from advisor_csv.dialect import Dialect, Look


def _has(look: Look, *patterns: str) -> bool:
    header = look.table.header
    return header[0] == "epoch" and all(
        any(re.fullmatch(pattern, name) for name in header) for pattern in patterns
    )


def _ultralytics(look: Look) -> bool:
    return _has(look, r"train/(\w+_)?loss", r"metrics/.+", r"lr/pg\d+")


def _yolov5(look: Look) -> bool:
    return _has(look, r"train/(\w+_)?loss", r"metrics/.+", r"x/lr\d+")


ULTRALYTICS = Dialect(
    source="Ultralytics results.csv",
    proof="the columns epoch, train/…loss, metrics/… and lr/pg…",
    certainty=95,
    fits=_ultralytics,
)

YOLOV5 = Dialect(
    source="YOLOv5 results.csv",
    proof="the columns epoch, train/…loss, metrics/… and x/lr…",
    certainty=95,
    fits=_yolov5,
)
