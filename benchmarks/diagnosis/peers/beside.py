"""What other tools said when they were asked last, beside what advisor says now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from advisor.manager import load_plugins
from advisor.rule import Nature
from benchmarks.diagnosis.cases import Case
from benchmarks.diagnosis.peers.compare import compare


def kept(folder: Path) -> Path:
    """Return the file of what the tools said."""
    return folder / "peers-development.jsonl"


def beside(cases: Iterable[Case], folder: Path) -> dict[str, Any]:
    """Return the figures of ``compare``; none where the tools were never asked of these logs."""
    file = kept(folder)
    if not file.exists():
        return {}
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    figures = compare(cases, rows, options())
    read = any(found["read"] for inputs in figures.values() for found in inputs.values())
    return figures if read else {}


def options() -> frozenset[str]:
    """Return the rules that offer something and call nothing a fault."""
    rules = load_plugins().rules
    return frozenset(name for name, rule in rules.items() if rule.nature is Nature.OPTION)
