"""Each tool, in its own environment, answers about logs and arrays in words that are mapped."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.diagnosis.peers.mapping import MEANINGS

PYTHON = Path(".env-peers/bin/python")
STEPS, EPOCHS = 300, 30
KINDS = ("calm", "not finite", "overfitting", "blown up")
MADE_FOR = {
    "runmedic": ("not finite", "non_finite"),
    "training-doctor": ("not finite", "lr_too_high"),
    "runwise": ("not finite", "nan"),
    "sk-autod": ("overfitting", "Classic overfitting"),
    "trainspotter": ("not finite", "Diverged (non-finite values)"),
}
"""By tool, a kind of training and what it is sure to say of it."""

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="needs the other tools: make bench-diagnosis ARGS='--quick 10'"
)


def _arrays(kind: str) -> dict[str, Any]:
    rng = np.random.default_rng(2)
    at = np.arange(STEPS) / STEPS
    loss = 0.4 + 2.0 * np.exp(-8 * at) + 0.02 * rng.normal(size=STEPS)
    ends = np.arange(STEPS // EPOCHS - 1, STEPS, STEPS // EPOCHS)
    validation = loss[ends] + 0.1
    if kind == "not finite":
        loss[200:] = np.nan
    if kind == "overfitting":
        validation = 0.9 + (np.arange(EPOCHS) / EPOCHS - 0.3) ** 2 * 3
    if kind == "blown up":
        loss[150:] *= np.exp(np.linspace(0, 6, 150))
    norm = 1.0 + 0.1 * rng.normal(size=STEPS)
    return {"loss": loss, "rate": np.full(STEPS, 0.01), "norm": norm, "val_loss": validation,
            "ends": ends}  # fmt: skip


def _written(folder: Path, arrays: dict[str, Any]) -> dict[str, Any]:
    np.savez(folder / "run.npz", **arrays)
    validation = dict(zip(arrays["ends"].tolist(), arrays["val_loss"].tolist(), strict=True))
    lines = ["step,loss,val_loss"]
    lines += [f"{i},{v!r},{validation.get(i, '')}" for i, v in enumerate(arrays["loss"].tolist())]
    (folder / "log").mkdir()
    (folder / "log" / "metrics.csv").write_text("\n".join(lines) + "\n")
    return {"logs": str(folder / "log"), "arrays": str(folder / "run.npz")}


@pytest.fixture(scope="module", params=MEANINGS)
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a tool's name and, by kind of training and of input, what it says."""
    jobs = []
    for kind in KINDS:
        folder = tmp_path_factory.mktemp("training")
        for given, path in _written(folder, _arrays(kind)).items():
            jobs.append({"training": kind, "log": "csv-step", "input": given, "path": path})
    done = subprocess.run(
        [PYTHON, "-m", "benchmarks.diagnosis.peers.worker", request.param],
        input="".join(json.dumps(job | {"by_step": True}) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return request.param, {(row["training"], row["input"]): row for row in rows}


def test_a_tool_says_nothing_that_is_not_mapped_and_does_not_fail(asked: Any) -> None:
    tool, rows = asked
    assert len(rows) == 2 * len(KINDS)
    for row in rows.values():
        assert row["crashed"] == ""
        assert {name for name, _ in row["findings"]} <= set(MEANINGS[tool])


def test_a_tool_finds_in_arrays_what_it_is_made_for(asked: Any) -> None:
    tool, rows = asked
    kind, name = MADE_FOR[tool]
    assert name in {name for name, _ in rows[kind, "arrays"]["findings"]}


def test_what_a_tool_cannot_read_is_told_from_silence(asked: Any) -> None:
    tool, rows = asked
    assert rows["calm", "logs"]["read"] is (tool not in ("runwise", "sk-autod"))
    assert rows["calm", "arrays"]["read"]
