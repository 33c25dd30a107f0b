"""Writes a training as loggers do: TensorBoard or CSV, by step or by epoch, whole or damaged."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.diagnosis.damage import DAMAGES, Point, Series, parts
from benchmarks.diagnosis.forms import STYLES, Form
from benchmarks.diagnosis.healthy import NUMBERS
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.training import Floats


def write(folder: Path, setup: Setup, arrays: dict[str, Floats], form: Form) -> None:
    """Write one copy below ``folder``, which is made."""
    folder.mkdir(parents=True)
    series = _series(arrays, form)
    if form.damage:
        series = DAMAGES[form.damage](series)
    names = STYLES[form.style]
    tagged = [
        {names.get(key, key): points for key, points in part.items() if points}
        for part in parts(series, form)
    ]
    writer = _tensorboard if form.format == "tensorboard" else _csv
    recorded = config(setup, everything=form.style % 2 == 0) if form.config else {}
    writer(folder, tagged, recorded)


HIDDEN = ("problem", "seed", "bugs", "label_noise", "rare", "input_scale", "cut", "pretrained",
          "init", "likelihood", "average")  # fmt: skip
"""What nobody records: what went wrong unawares, and what goes by another name."""


def config(setup: Setup, *, everything: bool = False) -> dict[str, Any]:
    """Return what people record: what they set, or ``everything`` that can be set."""
    hidden = HIDDEN if setup.optimizer == "sgd" else (*HIDDEN, "momentum")
    given = {key: value for key, value in asdict(setup).items() if key not in hidden}
    found = {key: value for key, value in given.items() if value or everything}
    numbers = "gaussian_nll" if setup.likelihood else "mse"
    loss = numbers if setup.problem in NUMBERS else "cross_entropy"
    return found | {"dataset": setup.problem, "seed": setup.seed, "loss": loss}


def _series(arrays: dict[str, Floats], form: Form) -> dict[str, list[Point]]:
    ends = arrays["ends"].astype(int)
    epoch_of = np.searchsorted(ends, np.arange(len(arrays["loss"])))
    wanted = ["loss", *(["rate"] if form.rate else []), *(["norm"] if form.norm else [])]
    wanted += ["metric"] if form.metric else []
    series = {}
    for key in wanted:
        if form.by_step:
            series[key] = _points(range(len(arrays[key])), epoch_of, arrays[key])
        else:
            series[key] = _points(ends, range(len(ends)), _per_epoch(arrays[key], ends))
    for key in ("val_loss", *(["val_metric"] if form.metric else [])):
        series[key] = _points(ends, range(len(ends)), arrays[key])
    layers = zip(arrays["names"], arrays["layers"].T, strict=True) if form.norm else ()
    for name, norms in layers:
        series[f"grad_norm/{name}"] = _points(range(len(norms)), epoch_of, norms)
    return series


def _points(steps: Iterable[int], epochs: Iterable[int], values: Iterable[float]) -> list[Point]:
    """Return points; a regression has no metric, and an unfinished epoch no validation."""
    found = zip(steps, epochs, values, strict=False)
    return [(int(step), int(epoch), float(value)) for step, epoch, value in found]


def _per_epoch(values: Floats, ends: Any) -> Floats:
    if not len(values):
        return values
    starts = np.concatenate([[0], ends[:-1] + 1])
    return np.asarray([values[a : b + 1].mean() for a, b in zip(starts, ends, strict=True)])


def _tensorboard(folder: Path, parts: Sequence[Series], recorded: dict[str, Any]) -> None:
    """Write an event file for each part."""
    from torch.utils.tensorboard import SummaryWriter

    for number, tags in enumerate(parts):
        writer = SummaryWriter(str(folder), filename_suffix=f".{number}")
        for tag, points in tags.items():
            for step, _, value in points:
                writer.add_scalar(tag, value, step)
        if recorded:
            writer.add_text("config", json.dumps(recorded))
        writer.close()


def _csv(folder: Path, parts: Sequence[Series], recorded: dict[str, Any]) -> None:
    """Write a row for each step at which anything was logged, cells without a value empty."""
    with (folder / "metrics.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["epoch", "step", *parts[0]])
        writer.writeheader()
        for tags in parts:
            writer.writerows(_rows(tags))
    if recorded:
        text = "".join(f"{key}: {value}\n" for key, value in recorded.items())
        (folder / "hparams.yaml").write_text(text)


def _rows(tags: Series) -> list[dict[str, Any]]:
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for tag, points in tags.items():
        for step, epoch, value in points:
            rows.setdefault((step, epoch), {"epoch": epoch, "step": step})[tag] = repr(value)
    return [row for _, row in sorted(rows.items())]
