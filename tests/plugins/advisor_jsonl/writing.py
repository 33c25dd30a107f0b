"""Writes lines as loggers do, by their sources, and reads them as the engine does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from advisor.reader import Claim, Reader, Refusal
from advisor.run import Run
from advisor.walk import walk
from advisor_jsonl.reader import DownloadReader, HistoryReader, JsonLinesReader

READERS: tuple[Reader, ...] = (JsonLinesReader(), HistoryReader(), DownloadReader())
Row = Mapping[str, Any]


def lines(rows: Iterable[Row]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def mmcv(epochs: int, length: int, every: int = 1) -> Iterator[Row]:
    """Yield the rows of mmcv: a first one about the run, an evaluation after each epoch."""
    yield {"env_info": "Python 3", "seed": 7, "config": "optimizer = dict(type='SGD', lr=0.02)"}
    for epoch in range(1, epochs + 1):
        for inner in range(every, length + 1, every):
            loss = round(1 / (epoch + inner / length), 5)
            yield {"mode": "train", "epoch": epoch, "iter": inner, "lr": 0.0, "loss": loss}
        yield {"mode": "val", "epoch": epoch, "iter": 3, "lr": 0.0, "AP": 0.25 + epoch / 100}


def mmengine(epochs: int, length: int, every: int) -> Iterator[Row]:
    """Yield the rows of mmengine: the step of a validation row is its epoch."""
    for epoch in range(1, epochs + 1):
        for inner in range(every, length + 1, every):
            step = (epoch - 1) * length + inner
            yield {"lr": 0.01, "loss": 1 / step, "epoch": epoch, "iter": step, "step": step}
        yield {"coco/bbox_mAP": epoch / 100, "time": 0.5, "step": epoch}


def detectron2(last: int) -> Iterator[Row]:
    """Yield the rows of Detectron2: medians every 20 iterations, an evaluation at the end."""
    for step in range(19, last, 20):
        yield {"data_time": 0.1, "eta_seconds": 9.0, "iteration": step, "lr": 0.001,
               "total_loss": 20 / (step + 1)}  # fmt: skip
    yield {"bbox/AP": 40.5, "bbox/APl": float("nan"), "iteration": last - 1}


def samples(folder: Path) -> None:
    """Write one log of each logger."""
    put(folder / "mmcv" / "20240101_000000.log.json", lines(mmcv(2, 5)))
    for name in ("scalars.json", "20240101_000000.json"):
        put(folder / "work/20240101_000000/vis_data" / name, lines(mmengine(2, 10, 5)))
    put(folder / "d2" / "metrics.json", lines(detectron2(100)))
    put(folder / "own.jsonl", lines({"step": i, "loss": 1 / (i + 1)} for i in range(9)))


POINTS = (10 * 3 + 2 * 3) + (4 * 3 + 2 * 2) + (5 * 4 + 2) + 9


def history_samples(folder: Path) -> None:
    put(folder / "history.json", json.dumps({"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}))


def download_samples(folder: Path) -> None:
    points = [[1.7e9 + step, step, 1 / (step + 1)] for step in range(6)]
    put(folder / "run-train-tag-loss.json", json.dumps(points))
    table = "Wall time,Step,Value\n1700000000.5,1,0.5\n1700000001.5,2,0.25\n"
    put(folder / "run-train-tag-acc.csv", table)


def look(logs: Path) -> tuple[list[Claim], list[Refusal]]:
    """Return what the readers claim and what they refuse, the other's files left out."""
    found = [each for reader in READERS for each in reader.claim(walk(logs))]
    claims = [each for each in found if isinstance(each, Claim)]
    owned = {file for claim in claims for file in claim.files}
    refusals = [e for e in found if isinstance(e, Refusal) and e.file not in owned]
    return claims, refusals


def read(logs: Path) -> list[Run]:
    """Read every run below LOGS."""
    base = logs if logs.is_dir() else logs.parent
    by_name = {reader.name: reader for reader in READERS}
    claims = [replace(claim, base=base) for claim in look(logs)[0]]
    return [run for claim in claims for run in by_name[claim.reader].read(claim)]


def only(logs: Path) -> Run:
    """Read the one run below LOGS."""
    (run,) = read(logs)
    return run


def points(run: Run, tag: str) -> list[tuple[int, float]]:
    """Return the steps and values of a series."""
    series = run.series[tag]
    return list(zip(series.steps.tolist(), series.values.tolist(), strict=True))
