"""JSON: a Trainer's state, and the lines of OpenMMLab, Detectron2, MAE, DETR and Dreamer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.reallogs.oracles.points import Points, Runs, put

_COCO = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]
"""The twelve figures of an evaluation, in the order in which pycocotools prints them."""
_SETTINGS = frozenset({"n_parameters"})
_COUNTERS = ("step", "iteration", "it", "epoch")


def read_state(path: Path) -> Runs:
    """Read ``trainer_state.json``."""
    return {"": _series(json.loads(path.read_text())["log_history"], "step")}


def read_lines(path: Path) -> Runs:
    """Read lines that each say a step, an iteration, or else an epoch."""
    rows = list(_lines(path))
    counter = next(name for name in _COUNTERS if name in rows[-1])
    return {"": _series(rows, counter)}


def read_mmcv(path: Path) -> Runs:
    """Read a log of mmcv 1.x, whose ``iter`` starts anew each epoch, on training rows from 1."""
    rows = [row for row in _lines(path) if "mode" in row]
    length = max(row["iter"] for row in rows if row["mode"] == "train")
    series: dict[str, Points] = {}
    for row in rows:
        trained = row["mode"] == "train"
        step = (row["epoch"] - 1) * length + row["iter"] if trained else row["epoch"] * length
        for name, value in row.items():
            if name == "epoch":
                put(series, name, step, float(value))
            elif name not in ("mode", "iter"):
                put(series, f"{row['mode']}/{name}", step, float(value))
    return {"": series}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text().splitlines() if line.strip())


def _series(rows: Iterable[Mapping[str, Any]], counter: str) -> dict[str, Points]:
    series: dict[str, Points] = {}
    for row in rows:
        for name, value in row.items():
            if name == counter or name in _SETTINGS:
                continue
            if isinstance(value, list):
                for place, number in zip(_COCO, value, strict=True):
                    put(series, f"{name}.{place}", row[counter], float(number))
            elif type(value) in (int, float):
                put(series, name, row[counter], float(value))
    return series
