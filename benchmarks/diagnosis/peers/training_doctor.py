"""training-doctor: reads TensorBoard and CSV logs whose loss goes by a name that it knows."""

from __future__ import annotations

from pathlib import Path

from training_doctor import Doctor
from training_doctor.loaders.csv import CSVLoader

from benchmarks.diagnosis.peers.curves import Curves, Said

MOST = 3000
"""Steps beyond which it is not asked: it judges at every step, in time with their square."""
NAMES = {"loss": "loss", "val_loss": "eval_loss", "rate": "lr", "norm": "grad_norm"}


def read(folder: Path) -> list[Said] | None:
    """Return what it finds in a log; nothing where no detector of its has its series."""
    doctor = Doctor()
    tables = sorted(folder.glob("*.csv"))
    if tables:
        # Left alone it takes "epoch" or "step" as the step, whichever a set has first.
        CSVLoader(step_column="step").load(tables[0], doctor.store)
    else:
        doctor.load(folder)
    has = doctor.store.has_metric
    able = has("loss") or (has("train_loss") and has("eval_loss"))
    return _said(doctor) if able else None


def judge(curves: Curves) -> list[Said] | None:
    """Return what it finds in values under its own names."""
    doctor = Doctor()
    for step, values in curves.rows():
        doctor.store.log(step, **{NAMES[key]: value for key, value in values.items()})
    return _said(doctor)


def _said(doctor: Doctor) -> list[Said] | None:
    if len({point.step for _, points in doctor.store for point in points}) > MOST:
        return None
    return [Said(found.detector_name, found.severity.value) for found in doctor.analyze()]
