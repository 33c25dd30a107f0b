"""Writes a training as loggers do: TensorBoard or CSV, by step or by epoch, whole or damaged."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.diagnosis.healthy import NUMBERS, TEXTS
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.training import Floats

Point = tuple[int, int, float]
"""Step, epoch and value."""

STYLES = (
    {"loss": "train/loss", "metric": "train/accuracy", "val_loss": "val/loss",
     "val_metric": "val/accuracy", "rate": "lr", "norm": "grad_norm"},
    {"loss": "train_loss", "metric": "train_acc", "val_loss": "val_loss",
     "val_metric": "val_acc", "rate": "learning_rate", "norm": "train/grad_norm"},
    {"loss": "loss", "metric": "accuracy", "val_loss": "val_loss",
     "val_metric": "val_accuracy", "rate": "learning_rate", "norm": "grad_norm"},
    {"loss": "Loss/train", "metric": "Accuracy/train", "val_loss": "Loss/val",
     "val_metric": "Accuracy/val", "rate": "LR", "norm": "Grad/norm"},
)  # fmt: skip
"""What loggers and tutorials call the series."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one copy of a training is logged."""

    format: str
    """``tensorboard`` or ``csv``."""
    by_step: bool
    style: int
    config: bool
    rate: bool
    norm: bool
    metric: bool = True
    damage: str = ""
    """What the log keeps back: see ``DAMAGES``."""

    @property
    def name(self) -> str:
        """The folder that the copy is written to."""
        grain = "step" if self.by_step else "epoch"
        return "-".join(part for part in (self.format, grain, self.damage) if part)


def forms(setup: Setup, number: int) -> tuple[Form, Form]:
    """Return a copy by step and a copy by epoch, in forms that turn with ``number``."""
    formats = ("tensorboard", "csv") if number % 2 else ("csv", "tensorboard")
    copies = []
    for i, by_step in enumerate((True, False)):
        turn = number + 3 * i
        copies.append(
            Form(
                format=formats[i],
                by_step=by_step,
                style=(turn // 2) % len(STYLES),
                config=turn % 3 != 0,
                rate=turn % 4 != 1,
                norm=by_step and turn % 2 == 0,
                metric=turn % 5 != 0 or setup.problem in TEXTS,
            )
        )
    return copies[0], copies[1]


def damaged(form: Form) -> Iterator[Form]:
    """Yield the copies whose log keeps something back."""
    for damage in DAMAGES:
        yield replace(form, damage=damage)


def write(folder: Path, setup: Setup, arrays: dict[str, Floats], form: Form) -> None:
    """Write one copy below ``folder``, which is made."""
    folder.mkdir(parents=True)
    series = _series(arrays, form)
    if form.damage:
        series = DAMAGES[form.damage](series)
    names = STYLES[form.style]
    tags = {names.get(key, key): points for key, points in series.items() if points}
    writer = _tensorboard if form.format == "tensorboard" else _csv
    writer(folder, tags, config(setup) if form.config else {})


def config(setup: Setup) -> dict[str, Any]:
    """Return what a careful person would record: nothing of what went wrong unawares."""
    hidden = {"seed", "bugs", "label_noise", "rare", "input_scale", "cut", "pretrained",
              "init", "likelihood", "average"}  # fmt: skip
    found = {key: value for key, value in asdict(setup).items() if key not in hidden and value}
    numbers = "gaussian_nll" if setup.likelihood else "mse"
    loss = numbers if setup.problem in NUMBERS else "cross_entropy"
    return found | {"seed": setup.seed, "loss": loss}


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


def _tensorboard(folder: Path, tags: dict[str, list[Point]], recorded: dict[str, Any]) -> None:
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder))
    for tag, points in tags.items():
        for step, _, value in points:
            writer.add_scalar(tag, value, step)
    if recorded:
        writer.add_text("config", json.dumps(recorded))
    writer.close()


def _csv(folder: Path, tags: dict[str, list[Point]], recorded: dict[str, Any]) -> None:
    """Write a row for each step at which anything was logged, cells without a value empty."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for tag, points in tags.items():
        for step, epoch, value in points:
            rows.setdefault((step, epoch), {"epoch": epoch, "step": step})[tag] = repr(value)
    with (folder / "metrics.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["epoch", "step", *tags])
        writer.writeheader()
        writer.writerows(row for _, row in sorted(rows.items()))
    if recorded:
        text = "".join(f"{key}: {value}\n" for key, value in recorded.items())
        (folder / "hparams.yaml").write_text(text)


Damage = Callable[[dict[str, list[Point]]], dict[str, list[Point]]]


def _without(*keys: str) -> Damage:
    return lambda series: {key: p for key, p in series.items() if key not in keys}


def _sampled(series: dict[str, list[Point]]) -> dict[str, list[Point]]:
    """Keep a random third of the points, as a store with a bound does."""
    rng = np.random.default_rng(3)
    return {key: [p for p in points if rng.random() < 1 / 3] for key, points in series.items()}


def _rounded(series: dict[str, list[Point]]) -> dict[str, list[Point]]:
    return {k: [(s, e, round(v, 1)) for s, e, v in points] for k, points in series.items()}


def _few(series: dict[str, list[Point]]) -> dict[str, list[Point]]:
    return {key: points[:: max(1, len(points) // 4)] for key, points in series.items()}


def _filtered(series: dict[str, list[Point]]) -> dict[str, list[Point]]:
    return {
        key: [point for point in points if math.isfinite(point[2])]
        for key, points in series.items()
    }


DAMAGES: dict[str, Damage] = {
    "without-validation": _without("val_loss", "val_metric"),
    "without-metric": _without("metric", "val_metric"),
    "sampled": _sampled,
    "rounded": _rounded,
    "few-points": _few,
    "filtered": _filtered,
}
"""What logs do to a run, by the fault ``log-NAME`` in ``answers``."""
