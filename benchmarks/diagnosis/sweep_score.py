"""How often the rules across runs were right about sweeps; each sweep counts as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.diagnosis.rates import rate

Row = Mapping[str, Any]
"""What ``judge.sweep_rows`` yields."""


def sweep_counts(rows: Iterable[Row]) -> dict[str, Any]:
    """Return how many sweeps there are, and how many of each kind."""
    kinds = Counter(row["kind"] for row in rows)
    return {"sweeps": kinds.total(), "sweep_kinds": dict(kinds)}


def sweep_score(rows: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """Return for each rule that holds or not of some sweep the figures that ``score`` has.

    ``alarms`` are findings on sweeps of which they do not hold; what holds is ``clear``.
    """
    found = list(rows)
    rules = sorted({rule for row in found for rule in row["holds"]})
    return {rule: _rule(rule, found) for rule in rules}


def _rule(rule: str, rows: list[Row]) -> dict[str, Any]:
    judged = [row for row in rows if row["statuses"].get(rule) in ("passed", "failed")]
    said = [row for row in judged if _says(row, rule)]
    known = [row for row in said if rule in row["holds"]]
    false = [row for row in judged if row["holds"].get(rule) is False]
    true = [row for row in rows if row["holds"].get(rule)]
    return {
        "option": True,
        "sweeps": True,
        "judged": len(judged),
        "healthy_judged": len(false),
        "fine_judged": len(false),
        "fired": len(said),
        "alarms": _rate(false, rule),
        "alarms_loud": rate({row["sweep"]: float(_loud(row, rule)) for row in false}),
        "right": rate({row["sweep"]: float(row["holds"][rule]) for row in known}),
        "recall": {"blatant": rate({}), "clear": _rate(true, rule), "subtle": rate({})},
        "confidence": [
            [finding["estimate"], int(row["holds"][rule]), row["sweep"]]
            for row in known
            for finding in row["findings"]
            if finding["rule"] == rule
        ],
    }


def _rate(rows: Iterable[Row], rule: str) -> dict[str, Any]:
    return rate({row["sweep"]: float(_says(row, rule)) for row in rows})


def _says(row: Row, rule: str) -> bool:
    return any(finding["rule"] == rule for finding in row["findings"])


def _loud(row: Row, rule: str) -> bool:
    return any(f["rule"] == rule and f["meant"] != "note" for f in row["findings"])
