"""MLflow's file store, read by MLflow's own ``FileStore``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.reallogs.oracles.points import Points, Runs


def read(path: Path) -> Runs:
    """Read the run whose ``meta.yaml`` is at ``path``: of a copy, as the store writes beside it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
        run = path.parent
        copy = Path(folder, run.parent.name, run.name)
        shutil.copytree(run, copy)
        for name in (
            "artifacts",
            "params",
            "tags",
        ):  # git keeps no empty ones, and MLflow wants all
            (copy / name).mkdir(exist_ok=True)
        return {"": _metrics(folder, run.name, [each.name for each in (run / "metrics").iterdir()])}


def _metrics(root: str, run: str, names: list[str]) -> dict[str, Points]:
    from mlflow.store.tracking import file_store

    kind: Any = file_store.FileStore  # without types
    store = kind(root)
    series = {}
    for name in names:
        found = store.get_metric_history(run, name)
        times = [metric.timestamp / 1000 for metric in found]
        series[name] = Points([m.step for m in found], [m.value for m in found], times)
    return series
