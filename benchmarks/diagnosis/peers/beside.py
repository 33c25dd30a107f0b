"""What other tools said when they were asked last, beside what advisor says now."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from advisor.manager import load_plugins
from advisor.rule import Nature
from benchmarks.diagnosis.cases import Case
from benchmarks.diagnosis.judge import read_rows
from benchmarks.diagnosis.peers.compare import compare


def kept(folder: Path) -> Path:
    """Return the file of what the tools said."""
    return folder / "peers-development.jsonl"


def beside(cases: Iterable[Case], folder: Path) -> dict[str, Any]:
    """Return the figures of ``compare``; none where the tools were never asked."""
    file = kept(folder)
    return compare(cases, read_rows(file), options()) if file.exists() else {}


def options() -> frozenset[str]:
    """Return the rules that offer something and call nothing a fault."""
    rules = load_plugins().rules
    return frozenset(name for name, rule in rules.items() if rule.nature is Nature.OPTION)
