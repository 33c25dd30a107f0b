"""The figures: how often advisor was right, for all rules together, for each, and by fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from benchmarks.diagnosis.answers import ANSWERS, OF_LOGS, ONLY_PROBED, is_about_logs
from benchmarks.diagnosis.cases import RECORDED, Case
from benchmarks.diagnosis.conditions import CONDITIONS
from benchmarks.diagnosis.rates import Rate, ever, share, shares

LEVELS = ("blatant", "clear", "subtle")
SCHEMA = 1
"""Raised when a reader of the figures must change."""


def score(cases: Iterable[Case], split: str) -> dict[str, Any]:
    """Return every figure as plain data."""
    found = list(cases)
    rules = sorted({rule for case in found for rule in case.rules})
    return {
        "schema": SCHEMA,
        "split": split,
        "logs": len(found),
        "states": _states(found),
        "all": _all(found),
        "rules": {rule: _rule(rule, found) for rule in rules},
        "faults": {fault: _fault(fault, found) for fault in ANSWERS if fault not in OF_LOGS},
        "damages": {
            name: share((c for c in found if c.damage == name), _damage_named)
            for name in ANSWERS
            if name in OF_LOGS
        },
        "led": _led(found),
        "recall_by_log": _by_log(found),
        "false_alarms": sorted(_false_alarms(found)),
        "missed": sorted(_missed(found)),
        "rule_errors": sorted({f"{rule}: {c.id}" for c in found for rule in c.errors}),
    }


def _states(cases: Iterable[Case]) -> dict[str, int]:
    """Count trainings by what was the matter, as the first of their logs shows it."""
    states = {case.training: case.truth.state for case in reversed(list(cases))}
    return {
        state: sum(found == state for found in states.values())
        for state in sorted(set(states.values()))
    }


def _all(cases: list[Case]) -> dict[str, Any]:
    """Return the figures for all rules together; damaged logs count for alarms alone."""
    healthy = [case for case in cases if case.truth.state == "healthy"]
    loud = [(case, f["rule"]) for case in cases for f in case.loud]
    said = [(case, f["rule"]) for case in cases for f in case.findings]
    recorded = [case for case in cases if case.shows.endswith(RECORDED)]
    planted, asked = _planted(cases, *LEVELS), _asked(cases, *LEVELS)
    return {
        "healthy_alarmed": ever(healthy, _alarms),
        "healthy_warned": ever(healthy, lambda case: case.loud),
        "healthy_advised": ever(healthy, _advised),
        "fine_alarmed": ever((case for case in cases if case.fine), _alarms),
        "precision": _precision(loud),
        "precision_with_notes": _precision(said),
        "precision_of_faults": _precision(pair for pair in said if _calls_a_fault(pair[1])),
        "recall": _by_level(asked, _named),
        "recall_of_all": _by_level(planted, _named),
        "recall_recorded": _by_level(_asked(recorded, *LEVELS), _named),
        "recall_without_options": _by_level(asked, _named_by_no_option),
        "noticed": _by_level(asked, _noticed),
        "recall_loud": _by_level(asked, _warned),
        "among_first": _by_level(asked, _among),
        "among_or_also": _by_level(asked, _among_or_also),
        "first": _by_level(asked, _first),
        "among_first_of_found": share(_found(cases), _among),
        "first_of_found": share(_found(cases), _first),
    }


def _by_level(cases: Iterable[Case], test: Callable[[Case], object]) -> dict[str, Rate]:
    """Return the rate of logs with a planted fault that pass the test, by how plain it is."""
    found = list(cases)
    return {level: share((c for c in found if c.truth.level == level), test) for level in LEVELS}


def _calls_a_fault(rule: str) -> bool:
    """Tell whether a rule is about the training, and no option."""
    return rule not in CONDITIONS and not is_about_logs(rule)


def _led(cases: Iterable[Case]) -> dict[str, dict[str, int]]:
    """Count for each rule and fault the trainings with it that the rule led in some log."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for case in _planted(cases, *LEVELS):
        if case.first:
            found[case.first[0]][case.fault].add(case.training)
    return {
        rule: {fault: len(trainings) for fault, trainings in sorted(faults.items())}
        for rule, faults in sorted(found.items())
    }


def _by_log(cases: list[Case]) -> dict[str, dict[str, Rate]]:
    """Return the recall by what the log shows."""
    asked = _asked(cases, *LEVELS)
    return {
        kind: _by_level((case for case in asked if case.shows == kind), _named)
        for kind in sorted({case.shows for case in cases})
    }


def _precision(said: Iterable[tuple[Case, str]]) -> Rate:
    known = ((case.training, case.right(rule)) for case, rule in said)
    return shares((training, right) for training, right in known if right is not None)


def _planted(cases: Iterable[Case], *levels: str, faults: Iterable[str] = ANSWERS) -> list[Case]:
    wanted = set(faults)
    return [c for c in cases if c.whole and c.fault in wanted and c.truth.level in levels]


def _asked(cases: Iterable[Case], *levels: str) -> list[Case]:
    """Return the logs with a planted fault that a rule on logs is there for."""
    return _planted(cases, *levels, faults=ANSWERS.keys() - ONLY_PROBED)


def _found(cases: Iterable[Case]) -> Iterator[Case]:
    return (case for case in _asked(cases, "blatant", "clear") if _named(case))


def _rule(rule: str, cases: list[Case]) -> dict[str, Any]:
    """Return what is known of one rule.

    ``alarms`` are findings of any severity that are wrong, on healthy or harmless trainings
    which the rule could judge, ``alarms_loud`` those that the rule meant as warnings or errors.
    ``confidence`` lists each finding whose truth is known, with the confidence that the rule gave.
    """
    judged = [case for case in cases if rule in case.judged]
    fine = [case for case in judged if case.fine]
    said = [case for case in judged if case.says(rule)]
    # What is offered is nobody's mistake, so that there is none to find.
    own = [f for f, answer in ANSWERS.items() if answer.names[0] == rule and rule not in CONDITIONS]
    return {
        "option": rule in CONDITIONS,
        "judged": _trainings(judged),
        "healthy_judged": _trainings(case for case in fine if case.truth.state == "healthy"),
        "fine_judged": _trainings(fine),
        "fired": _trainings(said),
        "alarms": ever(fine, lambda case: case.says(rule) and case.right(rule) is False),
        "alarms_loud": ever(
            fine, lambda case: case.means_to_warn(rule) and case.right(rule) is False
        ),
        "right": _precision((case, rule) for case in said),
        "recall": _by_level(_planted(judged, *LEVELS, faults=own), _says(rule)),
        "confidence": [
            [f["estimate"], int(bool(case.right(rule))), case.training]
            for case in said
            for f in case.findings
            if f["rule"] == rule and case.right(rule) is not None
        ],
    }  # fmt: skip


def _trainings(cases: Iterable[Case]) -> int:
    return len({case.training for case in cases})


def _says(rule: str) -> Callable[[Case], bool]:
    return lambda case: case.says(rule)


def _alarms(case: Case) -> list[str]:
    """Return the rules that warn wrongly."""
    return [f["rule"] for f in case.loud if case.right(f["rule"]) is False]


def _advised(case: Case) -> bool:
    """Tell whether anything is said of the training, right or wrong, and not of the log alone."""
    return any(not is_about_logs(finding["rule"]) for finding in case.findings)


def _fault(fault: str, cases: list[Case]) -> dict[str, dict[str, Rate]]:
    tests = {
        "noticed": _noticed,
        "found": _named,
        "warned": _warned,
        "among_first": _among,
        "first": _first,
    }
    return {
        level: {
            name: share(_planted(cases, level, faults=(fault,)), test)
            for name, test in tests.items()
        }
        for level in LEVELS
    }


def _noticed(case: Case) -> bool:
    """Tell whether a finding names the fault, or is true of runs that have it."""
    said = {f["rule"] for f in case.findings}
    return not said.isdisjoint((*case.answer.names, *case.answer.follows))


def _named(case: Case) -> bool:
    return any(f["rule"] in case.answer.names for f in case.findings)


def _named_by_no_option(case: Case) -> bool:
    said = (f["rule"] for f in case.findings)
    return any(rule in case.answer.names and rule not in CONDITIONS for rule in said)


def _warned(case: Case) -> bool:
    return any(f["rule"] in case.answer.names for f in case.loud)


def _among(case: Case) -> bool:
    return any(rule in case.answer.names for rule in case.first)


def _among_or_also(case: Case) -> bool:
    """Tell whether the first diagnosis holds the fault, or says that it may be that as well."""
    return _among(case) or case.fault in case.also


def _first(case: Case) -> bool:
    return bool(case.first) and case.first[0] in case.answer.names


def _damage_named(case: Case) -> bool:
    return any(case.says(rule) for rule in ANSWERS[case.damage].names)


def _false_alarms(cases: Iterable[Case]) -> Iterator[str]:
    for case in cases:
        for finding in case.loud:
            if case.fine and case.right(finding["rule"]) is False:
                yield f"{_said(finding)}: {case.id}, {case.truth.state}"


def _said(finding: Mapping[str, Any]) -> str:
    severity, confidence = finding["severity"], finding["confidence"]
    return f"{finding['rule']}, {severity}, {confidence:.0%}, {finding['evidence']}"


def _missed(cases: list[Case]) -> Iterator[str]:
    """Yield a line for each fault and strength that some log does not show to advisor."""
    groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in _planted(cases, *LEVELS):
        groups[case.truth.level, case.title, case.base].append(case)
    for (level, title, base), group in groups.items():
        missed = [case for case in group if not _named(case)]
        if missed:
            said = sorted({f["rule"] for case in missed for f in case.findings}) or ["nothing"]
            yield (
                f"{level}: {title} of {base}, {len(missed)} of {len(group)} logs: "
                f"said {', '.join(said)}"
            )
