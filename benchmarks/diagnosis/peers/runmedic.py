"""runmedic: reads folders of TensorBoard and CSV logs by itself."""

from __future__ import annotations

from pathlib import Path

from runmedic import loaders, roles
from runmedic.checks import run_checks
from runmedic.model import Run

from benchmarks.diagnosis.peers.curves import Curves, Said

NAMES = {"loss": "train_loss", "val_loss": "val_loss", "rate": "lr", "norm": "grad_norm"}


def read(folder: Path) -> list[Said] | None:
    """Return what it finds in a log; nothing where it sees no training loss."""
    runs = [(run, roles.detect(run)) for run in loaders.load(str(folder))]
    able = [(run, found) for run, found in runs if "train_loss" in found]
    return [said for run, found in able for said in _said(run, found)] if able else None


def judge(curves: Curves) -> list[Said] | None:
    """Return what it finds in a run of its own making."""
    run = Run("run", "arrays", "")
    for key, name in NAMES.items():
        for step, value in getattr(curves, key):
            run.get(name).add(step, value)
    return _said(run.finalize(), roles.detect(run))


def _said(run: Run, found: dict[str, list[str]]) -> list[Said]:
    return [Said(finding.check, finding.severity) for finding in run_checks(run, found)]
