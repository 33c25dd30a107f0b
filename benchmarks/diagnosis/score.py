"""Rates from cases: copies of one training count as one in each."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from benchmarks.diagnosis.answers import ANSWERS
from benchmarks.diagnosis.cases import Case

LEVELS = ("blatant", "clear", "subtle")
FEWEST = 20
"""Trainings below which a rate is given as counts only."""
Z = 1.96
"""Normal quantile of a two-sided 95 % interval."""


def wilson(part: float, whole: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share; ``part`` may be fractional."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, Z * Z
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(values: Mapping[str, float]) -> dict[str, Any]:
    """Return the sum over trainings, their number, and the interval where there are enough."""
    part, whole = sum(values.values()), len(values)
    found: dict[str, Any] = {"part": round(part, 2), "of": whole}
    if whole >= FEWEST:
        found["interval"] = [round(bound, 4) for bound in wilson(part, whole)]
    return found


def score(cases: Iterable[Case], split: str, trainings: int) -> dict[str, Any]:
    """Return every figure as plain data."""
    found = list(cases)
    rules = sorted({f["rule"] for case in found for f in case.findings} | _own())
    fine = [case for case in found if case.fine]
    return {
        "split": split,
        "trainings": trainings,
        "states": _states(found),
        "alarmed": rate(_any(fine, _alarms)),
        "alarmed_healthy": rate(_any((c for c in fine if c.truth.state == "healthy"), _alarms)),
        "rules": {rule: _rule(rule, found, fine) for rule in rules},
        "faults": {fault: _fault(fault, found) for fault in ANSWERS},
        "false_alarms": sorted(_false_alarms(fine)),
        "missed": sorted(_missed(found)),
        "rule_errors": sorted({f"{rule}: {c.id}" for c in found for rule in c.errors}),
    }


def _own() -> set[str]:
    return {answer.names[0] for answer in ANSWERS.values()}


def _states(cases: Iterable[Case]) -> dict[str, int]:
    """Count trainings by what was the matter."""
    states: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        states[case.truth.state].add(case.training)
    return {state: len(trainings) for state, trainings in sorted(states.items())}


def _any(cases: Iterable[Case], test: Callable[[Case], object]) -> dict[str, float]:
    """Return 1 for each training that passes the test in any of its logs, else 0."""
    values: dict[str, float] = {}
    for case in cases:
        values[case.training] = max(values.get(case.training, 0.0), float(bool(test(case))))
    return values


def _share(cases: Iterable[Case], test: Callable[[Case], object]) -> dict[str, float]:
    """Return for each training the share of its logs that pass the test."""
    values: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        values[case.training].append(bool(test(case)))
    return {training: sum(passed) / len(passed) for training, passed in values.items()}


def _alarms(case: Case) -> list[dict[str, Any]]:
    return [f for f in case.findings if f["severity"] != "note" and not case.right(f["rule"])]


def _found(rule: str) -> Callable[[Case], bool]:
    return lambda case: any(f["rule"] == rule for f in case.findings)


def _alarmed(rule: str) -> Callable[[Case], bool]:
    return lambda case: any(f["rule"] == rule for f in _alarms(case))


def _rule(rule: str, cases: list[Case], fine: list[Case]) -> dict[str, Any]:
    said = [case for case in cases if _found(rule)(case) and case.truth.state != "unclear"]
    own = [fault for fault, answer in ANSWERS.items() if answer.names[0] == rule]
    return {
        "n": len({case.training for case in said}),
        "precision": rate(_share(said, lambda case: case.right(rule))),
        "conditions": rate(
            _share(
                (case for case in said if rule in case.conditions),
                lambda case: case.conditions[rule],
            )
        ),
        "alarms": rate(_any(fine, _alarmed(rule))),
        "notes": rate(_any(fine, lambda case: _found(rule)(case) and not case.right(rule))),
        "recall": {
            level: rate(_share(_planted(cases, own, level), _found(rule))) for level in LEVELS
        },
    }


def _planted(cases: Iterable[Case], faults: Iterable[str], level: str) -> Iterator[Case]:
    wanted = set(faults)
    return (c for c in cases if c.fault in wanted and c.truth.level == level)


def _fault(fault: str, cases: list[Case]) -> dict[str, Any]:
    tests = {"found": _named, "warned": _warned, "among_first": _among, "first": _first}
    return {
        level: {
            name: rate(_share(_planted(cases, (fault,), level), test))
            for name, test in tests.items()
        }
        for level in LEVELS
    }


def _named(case: Case) -> bool:
    return any(f["rule"] in case.answer.names for f in case.findings)


def _warned(case: Case) -> bool:
    loud = [f["rule"] for f in case.findings if f["severity"] != "note"]
    return any(rule in case.answer.names for rule in loud)


def _among(case: Case) -> bool:
    first = case.diagnoses[0]["rules"] if case.diagnoses else []
    return any(rule in case.answer.names for rule in first)


def _first(case: Case) -> bool:
    first = case.diagnoses[0]["rules"] if case.diagnoses else []
    return bool(first) and first[0] in case.answer.names


def _false_alarms(fine: Iterable[Case]) -> Iterator[str]:
    for case in fine:
        for f in _alarms(case):
            said = f"{f['severity']}, {f['confidence']:.0%}: {f['evidence']}"
            yield f"{f['rule']}: {case.id}, {case.truth.state}: {said}"


def _missed(cases: Iterable[Case]) -> Iterator[str]:
    for case in cases:
        if case.fault and not _named(case):
            said = ", ".join(f["rule"] for f in case.findings) or "nothing"
            yield f"{case.fault}, {case.truth.level}: {case.id}: said {said}"
