"""What the tests of the reader of texts share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.reader import Claim, Refusal
from advisor.run import Run
from advisor.walk import walk
from advisor_textlog.reader import TextLogReader


def look(logs: Path) -> tuple[list[Claim], list[Refusal]]:
    """Return what the reader claims and what it refuses."""
    found = list(TextLogReader().claim(walk(logs)))
    claims = [each for each in found if isinstance(each, Claim)]
    return claims, [each for each in found if isinstance(each, Refusal)]


def read(logs: Path) -> list[Run]:
    """Read every run below LOGS as the engine does."""
    base = logs if logs.is_dir() else logs.parent
    claims, _ = look(logs)
    return [run for claim in claims for run in TextLogReader().read(replace(claim, base=base))]


@pytest.fixture
def answers_to() -> Callable[[Path], tuple[list[Claim], list[Refusal]]]:
    return look


@pytest.fixture
def runs_of() -> Callable[[Path], list[Run]]:
    return read


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file below the test's own directory and return that directory."""

    def _write(name: str, content: str) -> Path:
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
        return tmp_path / "logs"

    return _write
