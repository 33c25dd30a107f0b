"""What the tests of the CSV reader share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.reader import Claim, Refusal
from advisor.run import Run
from advisor.walk import walk
from advisor_csv.reader import CsvReader

Write = Callable[..., Path]


def look(logs: Path) -> tuple[list[Claim], list[Refusal]]:
    """Return what the reader claims and what it refuses."""
    found = list(CsvReader().claim(walk(logs)))
    claims = [each for each in found if isinstance(each, Claim)]
    return claims, [each for each in found if isinstance(each, Refusal)]


def read(logs: Path) -> list[Run]:
    """Read every run below LOGS as the engine does."""
    base = logs if logs.is_dir() else logs.parent
    claims, _ = look(logs)
    return [run for claim in claims for run in CsvReader().read(replace(claim, base=base))]


@pytest.fixture
def claims_of() -> Callable[[Path], list[Claim]]:
    return lambda logs: look(logs)[0]


@pytest.fixture
def refusals_of() -> Callable[[Path], list[Refusal]]:
    return lambda logs: look(logs)[1]


@pytest.fixture
def runs_of() -> Callable[[Path], list[Run]]:
    return read


@pytest.fixture
def run_of() -> Callable[[Path], Run]:
    def one(logs: Path) -> Run:
        (run,) = read(logs)
        return run

    return one


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below the test's own directory and return that directory."""

    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / "logs"

    return _write
