"""From logs and a program to settled diagnoses: the whole way, by the command."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

from advisor.cli import main
from tests.plugins.advisor_probe.writing import program

pytestmark = pytest.mark.needs("torch")

SHUFFLED = """
def made():
    paired = batches()
    made = torch.Generator().manual_seed(0)
    return target(train=[(x, y[torch.randperm(len(y), generator=made)]) for x, y in paired],
                  loss=lambda m, b: (m(b[0]) * 0 + 1).sum() + loss(m, b) * 0)
"""


def _flat(folder: Path) -> str:
    """Write the log of a run that never learned anything."""
    random.seed(0)
    rows = [f"{i},{1.386 + random.gauss(0, 0.02):.4f}" for i in range(400)]
    folder.mkdir()
    (folder / "log.csv").write_text("\n".join(["step,train/loss", *rows]), encoding="utf-8")
    return str(folder)


def _falling(folder: Path) -> str:
    """Write the log of a run without a fault."""
    falls = [(math.exp(-i / 8), 0.02 * math.sin(5 * i)) for i in range(100)]
    rows = [f"{i},{0.3 + f + s:.4f},{0.35 + f - s:.4f}" for i, (f, s) in enumerate(falls)]
    folder.mkdir()
    text = "\n".join(["step,train/loss,val/loss", *rows])
    (folder / "log.csv").write_text(text, encoding="utf-8")
    return str(folder)


def _ran(
    logs: str, body: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[dict[str, Any], str]:
    """Run the command, and return the report and what was said."""
    spec = program(folder, body)
    command = ["run", logs, "--probe", spec, "--probe-log", str(folder / "measured")]
    options = ["--device", "cpu", "--format", "json", "--fail-on", "never"]
    assert main([*command, *options]) == 0
    shown = capsys.readouterr()
    return json.loads(shown.out), shown.err


def _settled(report: dict[str, Any], rule: str) -> dict[str, Any] | None:
    found = [h for d in report["diagnoses"] for h in d["hypotheses"] if h["rule"] == rule]
    return found[0]["settled"] if found else None


def test_a_program_that_learns_refutes_that_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "def made(): return target()"
    report, said = _ran(_flat(tmp_path / "logs"), body, tmp_path, capsys)
    told = _settled(report, "never-learned")
    assert told is not None
    assert told["outcome"] == "refuted"
    assert "overfit: done" in said
    assert "schedules" not in said
    assert (tmp_path / "measured" / "probe.json").is_file()


def test_a_program_that_learns_nothing_confirms_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, _ = _ran(_flat(tmp_path / "logs"), SHUFFLED, tmp_path, capsys)
    told = _settled(report, "never-learned")
    assert told is not None
    assert told["outcome"] == "confirmed"
    assert "of the probe: " in told["message"]["text"]
    assert report["verdict"]["message"]["text"].endswith("A probe confirms the cause.")


def test_sound_logs_ask_for_no_probe_and_run_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, said = _ran(_falling(tmp_path / "logs"), "raise SystemExit", tmp_path, capsys)
    assert "no diagnosis asks for a probe" in said
    assert not (tmp_path / "measured").exists()
    assert all(h["settled"] is None for d in report["diagnoses"] for h in d["hypotheses"])
