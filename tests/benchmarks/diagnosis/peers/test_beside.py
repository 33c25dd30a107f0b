"""What the tools said is compared only where it was said of the logs that advisor read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("torch", "sklearn")


def test_nothing_is_compared_where_the_tools_were_never_asked(tmp_path: Path) -> None:
    from benchmarks.diagnosis.peers.beside import beside

    assert beside([], tmp_path) == {}


def test_what_tools_said_of_other_logs_is_not_compared(tmp_path: Path) -> None:
    from benchmarks.diagnosis.peers.beside import beside, kept

    row: dict[str, object] = {
        "tool": "runmedic",
        "training": "another",
        "log": "csv-step",
        "input": "logs",
    }
    row |= {"read": True, "crashed": "", "findings": [["overfitting", "warning"]], "seconds": 0.1}
    kept(tmp_path).write_text(json.dumps(row))
    assert beside([], tmp_path) == {}
