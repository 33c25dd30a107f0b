"""runwise: reads TensorBoard logs, in which it judges series of three names; no CSV."""

from __future__ import annotations

from pathlib import Path

from runwise.anomalies import Anomaly, detect_anomalies
from runwise.tensorboard import TensorBoardParser

from benchmarks.diagnosis.peers.curves import Curves, Said

NAMES = {"loss": "loss", "val_loss": "val_loss", "norm": "grad_norm"}
SAMPLES = 100
"""Points of a series that its summary of a TensorBoard run judges."""


def read(folder: Path) -> list[Said] | None:
    """Return what its summary of a run reports; nothing where it knows no loss of the log."""
    parser = TensorBoardParser(folder)
    runs = [run for run in parser.list_runs() if {"loss", "val_loss"} & set(run.tags)]
    if not runs:
        return None
    history = parser.get_history_data(runs[0], samples=SAMPLES)
    return [_said(found) for found in detect_anomalies(history)]


def judge(curves: Curves) -> list[Said] | None:
    """Return what it finds in a history of all values under its own names."""
    history = [
        {"_step": step, **{NAMES[key]: value for key, value in values.items() if key in NAMES}}
        for step, values in curves.rows()
    ]
    return [_said(found) for found in detect_anomalies(history)]


def _said(found: Anomaly) -> Said:
    name = found.message.split(":")[0].lower() if found.type == "gradient" else found.type
    return Said(name, found.severity)
