"""Counts who was right about the same trainings: each tool and, beside it, advisor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.diagnosis.answers import ANSWERS
from benchmarks.diagnosis.cases import NOTHING, Case
from benchmarks.diagnosis.peers.mapping import CLAIMS, MEANINGS, QUIET, Meaning
from benchmarks.diagnosis.peers.worker import Row
from benchmarks.diagnosis.rates import rate

SEED, DRAWS = 5, 1000
"""Of the bootstrap over trainings that gives the interval of a paired difference."""
SHARED = {rule for found in MEANINGS.values() for m in found.values() for rule in m.as_rules}
"""Rules of ours that other tools have too: what they state of a log is held to be right or wrong.

Other facts of a log, such as that it has no configuration, count for advisor as nothing, and so
does an option, unless its condition does not hold.
"""
Shares = dict[str, float]
"""By training, the share of its copies, or of what was said of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one party said of one log."""

    training: str
    found: bool
    """Whether it named the planted fault."""
    right: int
    wrong: int
    alarmed: bool
    """Whether it warned wrongly."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a tool and advisor said of the same log."""

    case: Case
    theirs: Answer
    ours: Answer


def compare(cases: Iterable[Case], rows: Iterable[Row], options: frozenset[str]) -> dict[str, Any]:
    """Return every figure as plain data; ``options`` are the rules that call nothing a fault."""
    by_log: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        if case.truth.state != "unclear":
            by_log[case.training, case.log].append(case)
    asked: dict[tuple[str, str], list[tuple[Case, Row]]] = defaultdict(list)
    for row in rows:
        known = by_log[row["training"], row["log"]]
        asked[row["tool"], row["input"]] += [(case, row) for case in known if _apt(case, row)]
    return {
        tool: {given: _tool(tool, asked[tool, given], options) for given in ("logs", "arrays")}
        for tool in MEANINGS
    }


def _apt(case: Case, row: Row) -> bool:
    """Tell whether a row is about what a case is about: arrays are never damaged."""
    return row["input"] == "logs" or case.whole


def _tool(tool: str, asked: list[tuple[Case, Row]], options: frozenset[str]) -> dict[str, Any]:
    claims = CLAIMS[tool]
    claimed = [(case, row) for case, row in asked if row["read"] and _held(case, claims)]
    return {
        "trainings": len({case.training for case, _ in asked}),
        "logs": len(asked),
        "read": sum(row["read"] for _, row in asked),
        "crashes": dict(Counter(row["crashed"] for _, row in asked if row["crashed"])),
        "seconds": round(sum(row["seconds"] for _, row in asked) / max(len(asked), 1), 4),
        "claimed": _levels(claimed, options, claims),
        "everything": _levels(asked, options),
    }


def _levels(
    asked: list[tuple[Case, Row]], options: frozenset[str], about: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the figures of the findings ``about`` some faults, or all, with notes and without.

    A finding is about the faults that it names, and about those that show as it says.
    """
    return {
        level: _figures(
            [
                Judged(
                    case, by_tool(case, row, about, aloud), by_advisor(case, options, about, aloud)
                )
                for case, row in asked
            ]
        )
        for level, aloud in (("warnings", True), ("all", False))
    }


def _held(case: Case, claims: tuple[str, ...]) -> bool:
    return case.whole and (case.fine or case.fault in claims)


def target(case: Case) -> str:
    """Return the fault that was planted, or else what the log visibly keeps back, or nothing."""
    return case.fault or case.damage


def by_tool(case: Case, row: Row, about: tuple[str, ...], aloud: bool) -> Answer:
    """Judge what a tool said ``about`` some faults, or all that it said.

    What only states a fact is neither right nor wrong, nor is what nobody knows.
    """
    meanings = {name: MEANINGS[row["tool"]][name] for name, _ in row["findings"]}
    said = {name for name, severity in row["findings"] if not (aloud and severity in QUIET)}
    warned = {name for name, severity in row["findings"] if severity not in QUIET}
    found = any(case.fault in meanings[name].names for name in said)
    truths = {
        name: _true(meanings[name], case)
        for name in said
        if not meanings[name].states and (not about or _concerns(meanings[name], about))
    }
    return _answer(case, found, truths, warned)


def _concerns(meaning: Meaning, about: tuple[str, ...]) -> bool:
    return not set(about).isdisjoint((*meaning.names, *meaning.true_of))


def _true(meaning: Meaning, case: Case) -> bool | None:
    of_fault = case.fault in (*meaning.names, *meaning.true_of)
    if of_fault or not case.facts.isdisjoint(meaning.as_rules):
        return True
    return False if case.unknown.isdisjoint(meaning.as_rules) else None


def by_advisor(case: Case, options: frozenset[str], about: tuple[str, ...], aloud: bool) -> Answer:
    """Judge what advisor said, in the same way: an option can only be wrong."""
    said = {f["rule"] for f in case.findings if not (aloud and f["severity"] == "note")}
    warned = {f["rule"] for f in case.findings if f["severity"] != "note"}
    names = set(ANSWERS.get(target(case), NOTHING).names)
    aside = {rule for rule in options if case.conditions.get(rule, True)}
    judged = said - aside - (case.facts - names - SHARED)
    if about:
        judged &= {rule for fault in about for part in ANSWERS[fault] for rule in part}
    truths = {rule: case.right(rule) for rule in judged}
    return _answer(case, bool(said & names), truths, warned)


def _answer(case: Case, found: bool, truths: Mapping[str, bool | None], warned: set[str]) -> Answer:
    wrong = {name for name, true in truths.items() if true is False}
    right = sum(true is True for true in truths.values())
    return Answer(case.training, found, right, len(wrong), bool(wrong & warned))


def _figures(judged: list[Judged]) -> dict[str, Any]:
    """Return recall, precision and false alarms of both, and how much better advisor is."""
    planted = [j for j in judged if target(j.case)]
    fine = [j for j in judged if j.case.fine]
    recall, precision = _both(planted, _recall), _both(judged, _precision)
    return {
        "faults": sorted({target(j.case) for j in planted}),
        "recall": recall,
        "precision": precision,
        "alarms": _both(fine, _alarms),
        "f1": {side: _f1(recall[side], precision[side]) for side in ("theirs", "ours")},
    }


def _both(judged: list[Judged], shares: Callable[[Iterable[Answer]], Shares]) -> dict[str, Any]:
    theirs, ours = shares(j.theirs for j in judged), shares(j.ours for j in judged)
    return {"theirs": rate(theirs), "ours": rate(ours), "difference": difference(ours, theirs)}


def _recall(answers: Iterable[Answer]) -> Shares:
    found: dict[str, list[bool]] = defaultdict(list)
    for answer in answers:
        found[answer.training].append(answer.found)
    return {training: sum(copies) / len(copies) for training, copies in found.items()}


def _precision(answers: Iterable[Answer]) -> Shares:
    right: dict[str, int] = defaultdict(int)
    said: dict[str, int] = defaultdict(int)
    for answer in answers:
        right[answer.training] += answer.right
        said[answer.training] += answer.right + answer.wrong
    return {training: right[training] / count for training, count in said.items() if count}


def _alarms(answers: Iterable[Answer]) -> Shares:
    alarms: Shares = {}
    for answer in answers:
        alarms[answer.training] = max(alarms.get(answer.training, 0.0), float(answer.alarmed))
    return alarms


def _f1(recall: dict[str, Any], precision: dict[str, Any]) -> float:
    """Return the harmonic mean of recall and precision, 0 where nothing was found."""
    found, true = (figure["part"] / max(figure["of"], 1) for figure in (recall, precision))
    return round(2 * found * true / (found + true), 4) if found * true else 0.0


def _mean(shares: Shares) -> float:
    return sum(shares.values()) / len(shares)


def difference(ours: Shares, theirs: Shares) -> dict[str, Any]:
    """Return the mean of ``ours`` less that of ``theirs``, with its 95 % interval.

    The interval is that of a bootstrap which draws trainings, each with what both said of it.
    None where one party said nothing.
    """
    if not ours or not theirs:
        return {}
    trainings = sorted({*ours, *theirs})
    count = len(trainings)
    drawn = np.random.default_rng(SEED).multinomial(count, [1 / count] * count, DRAWS)
    means = [_means(drawn, [side.get(t) for t in trainings]) for side in (ours, theirs)]
    low, high = np.nanquantile(means[0] - means[1], (0.025, 0.975))
    interval = [round(float(low), 4), round(float(high), 4)]
    return {"mean": round(_mean(ours) - _mean(theirs), 4), "interval": interval}


def _means(drawn: Any, shares: list[float | None]) -> Any:
    """Return the mean share of each draw, which counts trainings; NaN where none has one."""
    there = np.asarray([share is not None for share in shares])
    values = np.asarray([share or 0.0 for share in shares])
    with np.errstate(invalid="ignore"):
        return (drawn @ values) / (drawn @ there)
