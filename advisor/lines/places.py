"""The line of a settings file that a change touches: found where exactly one fits, never guessed.

A line fits if it bears the run's own name for the parameter, or one of its known names where
no line bears that one, and holds the value that the run had, as far as that is known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from advisor.finding import Change, Finding, Place
from advisor.hyperparameters import as_numbers
from advisor.lines.values import Line
from advisor.model import Value
from advisor.report import Diagnosis, Report
from advisor.vocabulary.hyperparameter_names import canonical

CLOSE = 1e-6
"""Relative difference up to which numbers are one: some loggers keep 32 bits of them."""


def with_places(report: Report, lines: Sequence[Line]) -> Report:
    """Return a report whose changes name the lines to edit."""
    if not lines:
        return report
    experiment = report.experiment
    return report.model_copy(
        update={
            "findings": tuple(_finding(finding, lines) for finding in report.findings),
            "diagnoses": tuple(_diagnosis(diagnosis, lines) for diagnosis in report.diagnoses),
            "experiment": experiment
            and experiment.model_copy(update={"changes": _changes(experiment.changes, lines)}),
        }
    )


def _finding(finding: Finding, lines: Sequence[Line]) -> Finding:
    return finding.model_copy(update={"changes": _changes(finding.changes, lines)})


def _diagnosis(diagnosis: Diagnosis, lines: Sequence[Line]) -> Diagnosis:
    step = diagnosis.next
    placed = step.model_copy(update={"changes": _changes(step.changes, lines)})
    return diagnosis.model_copy(update={"next": placed})


def _changes(changes: Iterable[Change], lines: Sequence[Line]) -> tuple[Change, ...]:
    return tuple(c.model_copy(update={"place": place_of(c, lines)}) for c in changes)


def place_of(change: Change, lines: Sequence[Line]) -> Place | None:
    """Return the one line that sets what ``change`` changes; ``None`` if none or several do."""
    named = [line for line in lines if change.path and _one_name(line.path, change.path)]
    among = named or [line for line in lines if canonical(line.path) == change.parameter]
    fitting = (line.place for line in among if _agrees(line.value, change.before))
    places = {(place.file, place.line): place for place in fitting}
    return next(iter(places.values())) if len(places) == 1 else None


def _one_name(path: str, other: str) -> bool:
    """Whether one path is the end of the other: ``lr`` and ``optimizer.lr``."""
    short, long = sorted((_parts(path), _parts(other)), key=len)
    return long[len(long) - len(short) :] == short


def _parts(path: str) -> list[str]:
    return [part.lstrip("-").replace("-", "_") for part in re.split(r"[./]", path)]


def _agrees(written: Value, before: Value) -> bool:
    """Whether a line holds the value that the run had; any may be where that is unknown."""
    if before is None:
        return True
    numbers, known = as_numbers(written), as_numbers(before)
    if numbers and known:
        return len(numbers) == len(known) and all(map(_close, numbers, known))
    return str(written).lower() == str(before).lower()


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=CLOSE)
