"""Reports of any size: what the rules find in the recorded example runs, again and again.

A copy has runs and rules of its own, so that no entries are joined, and its curves are stirred
by noise, so that nothing is there twice for a compressor to find.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from itertools import count as counted
from pathlib import Path
from typing import Any

from advisor.api import analyze
from advisor.composing.compose import COARSE, MANY_RUNS, TOO_MANY_RUNS
from advisor.drawing.drawn import Curve
from advisor.drawing.thinning import coarsen
from advisor.presentation import Entry, entries
from advisor.report import Report, RunEntry, Status
from advisor.settings import Settings

RECORDED = Path(__file__).parents[2] / "examples" / "recorded"
STIRRED = 0.003
"""Standard deviation of the noise on a copy's curves, as a share of each value."""


def recorded() -> Report:
    """Judge the recorded example runs."""
    return analyze(RECORDED, settings=Settings())


def grown(base: Report, findings: int) -> Report:
    """Return a report of ``findings`` entries: copies of ``base``, the last one cut short."""
    copies = list(_copies(base, findings))
    parts = {
        "diagnoses": tuple(d for copy in copies for d in copy.diagnoses),
        "findings": tuple(f for copy in copies for f in copy.findings),
        "runs": tuple(_drawn(tuple(run for copy in copies for run in copy.runs))),
        "statuses": tuple(map(_joined, zip(*(copy.statuses for copy in copies), strict=True))),
        "rules": tuple({rule.name: rule for copy in copies for rule in copy.rules}.values()),
    }
    return Report(**(dict(base) | parts))


def _joined(same: tuple[Status, ...]) -> Status:
    return same[0].model_copy(update={"runs": tuple(run for s in same for run in s.runs)})


def _copies(base: Report, findings: int) -> Iterator[Report]:
    own = entries(base)
    for number in counted():
        wanted = findings - number * len(own)
        if wanted <= 0:
            return
        yield _copy(base, number, own[:wanted]) if number else _cut(base, own[:wanted])


def _cut(base: Report, kept: tuple[Entry, ...]) -> Report:
    diagnoses = tuple(diagnosis for entry in kept for diagnosis in entry.diagnoses)
    return base.model_copy(update={"diagnoses": diagnoses})


def _copy(base: Report, number: int, kept: tuple[Entry, ...]) -> Report:
    names = {run.name: f"{run.name}-{number}" for run in base.runs}
    names |= {entry.rule.name: f"{entry.rule.name}-{number}" for entry in kept}
    names |= {finding.id: f"{finding.id}-{number}" for finding in base.findings}
    plain = json.loads(_cut(base, kept).to_json())
    # A status is of all copies: their rules have one name there.
    rules = {name for name in names if name in {entry.rule.name for entry in kept}}
    statuses = _renamed(plain.pop("statuses"), {k: v for k, v in names.items() if k not in rules})
    copy = Report.model_validate(_renamed(plain, names) | {"statuses": statuses})
    chance = random.Random(number)
    runs = (run.model_copy(update=_stirred_run(run, chance)) for run in copy.runs)
    return copy.model_copy(update={"runs": tuple(runs)})


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return value


def _stirred_run(run: RunEntry, chance: random.Random) -> dict[str, Any]:
    windows = (w.model_copy(update={"curve": _stirred(w.curve, chance)}) for w in run.windows)
    return {
        "curves": tuple(_stirred(curve, chance) for curve in run.curves),
        "windows": tuple(windows),
    }


def _stirred(curve: Curve, chance: random.Random) -> Curve:
    columns = {name: getattr(curve, name) for name in ("mean", "low", "high")}
    return curve.model_copy(
        update={
            name: None if values is None else tuple(_near(value, chance) for value in values)
            for name, values in columns.items()
        }
    )


def _near(value: float | None, chance: random.Random) -> float | None:
    return None if value is None else float(f"{value * (1 + chance.gauss(0, STIRRED)):.6g}")


def _drawn(runs: tuple[RunEntry, ...]) -> Iterator[RunEntry]:
    """Draw the curves of many runs as the composer does: coarser, then only those that matter."""
    for run in runs:
        if len(runs) <= MANY_RUNS:
            yield run
        elif len(runs) > TOO_MANY_RUNS and run.severity is None:
            yield run.model_copy(update={"curves": ()})
        else:
            curves = tuple(coarsen(curve, COARSE) for curve in run.curves)
            yield run.model_copy(update={"curves": curves})
