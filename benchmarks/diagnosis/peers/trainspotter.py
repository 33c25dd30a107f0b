"""trainspotter: reads TensorBoard folders and CSV files by itself."""

from __future__ import annotations

from pathlib import Path

from trainspotter.detectors import run_all
from trainspotter.model import Run
from trainspotter.readers import load_run

from benchmarks.diagnosis.peers.curves import Curves, Said

NAMES = {"loss": "train/loss", "val_loss": "eval/loss", "rate": "lr", "norm": "grad_norm"}


def read(folder: Path) -> list[Said] | None:
    """Return what it finds in a log; nothing where it sees no loss."""
    tables = sorted(folder.glob("*.csv"))
    run = load_run(tables[0] if tables else folder)
    return _said(run) if {"train/loss", "eval/loss"} & set(run.metrics) else None


def judge(curves: Curves) -> list[Said] | None:
    """Return what it finds in a run of its own making."""
    run = Run()
    for key, name in NAMES.items():
        for step, value in getattr(curves, key):
            run.add_point(name, step, value)
    run.finalize()
    return _said(run)


def _said(run: Run) -> list[Said]:
    return [Said(found.title, found.severity) for found in run_all(run)]
