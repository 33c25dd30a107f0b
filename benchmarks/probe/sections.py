"""The tables of the page on what the probe gets right."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from advisor_probe.rules import RULES
from benchmarks.diagnosis.tables import table

from . import score
from .advice_cases import SEEN as SEEN_DATA
from .bases import FIRST
from .cells import SEEN, cells
from .rate_rules import RULES as TOOLS
from .rows import Row
from .score import Share, of_kind, share

Test = Callable[[Row], bool]
LINES: tuple[tuple[str, str, tuple[str, ...], Test], ...] = (
    ("program faults named", "≥ 95 %", ("fault",), score.named),
    ("rates 100 times too low called", "≥ 95 %", ("low",), score.named),
    ("the same, by a warning", "", ("low",), score.called_loud),
    ("rates 100 times too high called", "≥ 85 %", ("high",), score.named),
    ("the same, by a warning", "", ("high",), score.called_loud),
    ("sound programs with an alarm", "", ("sound",), score.loud),
    ("controls with an alarm", "", ("control",), score.loud),
)


def programs(found: Sequence[Row]) -> Iterator[str]:
    """Yield the shares of planted faults, of each fault, and what went wrong."""
    lines = [(title, wanted, *_split(of_kind(found, *kinds), test))
             for title, wanted, kinds, test in LINES]  # fmt: skip
    sound = of_kind(found, "sound", "control")
    alarms = score.by_rule(sound)
    checks = Share(sum(alarms.values()), len(sound) * len(RULES))
    lines.append(("alarms of all checks on these", "≤ 2 %", "", "", str(checks)))
    yield table(("", "wanted", "first", "fresh", "all"), lines)
    if alarms:
        rule, count = alarms.most_common(1)[0]
        yield f"Most alarms came from `{rule}`: {Share(count, len(sound))} of these programs."
    yield _by_fault(of_kind(found, "fault"))
    yield "\n".join(f"- {line}" for line in _wrong(found))


def _split(found: Sequence[Row], test: Test) -> tuple[str, str, str]:
    """Return a share of the first programs, of the fresh ones, and of all."""
    old = {base.name for base in FIRST}
    first = [row for row in found if row["name"].partition(":")[0] in old]
    fresh = [row for row in found if row["name"].partition(":")[0] not in old]
    return str(share(first, test)), str(share(fresh, test)), str(share(found, test))


def _by_fault(found: Sequence[Row]) -> str:
    planted: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for row in found:
        title = row["name"].partition(": ")[2]
        planted[title] += 1
        named[title] += score.named(row)
    return table(("fault", "named"), [(t, f"{named[t]} of {n}") for t, n in planted.items()])


def _wrong(found: Sequence[Row]) -> Iterator[str]:
    for row in of_kind(found, "fault", "low", "high"):
        if not score.named(row):
            yield f"missed: {row['name']} (fired: {row['fired'] or 'nothing'})"
    for row in of_kind(found, "sound", "control"):
        if score.loud(row):
            yield f"false alarm: {row['name']} ({', '.join(score.alarms(row))})"


def advice(found: Sequence[Row]) -> Iterator[str]:
    """Yield what the first advice gained, and how often a verification was wrong."""
    kinds = dict.fromkeys(row["kind"] for row in found)
    seen = [row for row in found if row["name"].startswith(SEEN_DATA)]
    lines = [_advised(kind, of_kind(found, kind)) for kind in kinds]
    lines += [
        _advised("seen", seen),
        _advised("fresh", [row for row in found if row not in seen]),
        _advised("all", found),
    ]
    yield table(
        ("what is off", "advised", "gains over 100 steps", "over 1,000", "*better*", "of it wrong"),
        lines,
    )
    yield "\n".join(
        f"- {row['name']}: {row['advised']}: {row['short']}, over 1,000 steps {row['long']}"
        for row in found
        if row["advised"] and row["long"] != "better"
    )


def _advised(title: str, found: Sequence[Row]) -> tuple[str, ...]:
    advised = [row for row in found if row["advised"]]
    better = [row for row in advised if row["short"] == "better"]
    at_once = share(advised, lambda row: float(row["short_low"] or 0) > 0)
    gains = share(advised, lambda row: row["long"] == "better")
    wrong = share(better, lambda row: row["long"] != "better")
    count = f"{len(advised)} of {len(found)}"
    return (title, count, str(at_once), str(gains), str(len(better)), str(wrong))


def regrets(found: Sequence[Row]) -> Iterator[str]:
    """Yield what following each tool costs, and against the plain default."""
    seen = {cell.name for cell in itertools.islice(cells(), SEEN)}
    first = [row for row in found if row["name"] in seen]
    fresh = [row for row in found if row["name"] not in seen]
    lines = []
    for tool in TOOLS:
        lost = score.regret(found, tool)
        apart = (f"{score.regret(rows, tool).mean:.3f}" if rows else "" for rows in (first, fresh))
        numbers = (f"{lost.mean:.3f}", *apart, f"{lost.above:+.3f}", f"{lost.ninth:.2f}")
        lines.append((tool, *numbers, str(lost.over), str(lost.worse)))
    yield table(
        ("suggestion", "mean regret", f"the {SEEN} seen", "fresh ones", "above the default's",
         "ninth decile", "regret above 0.1", "worse than guessing"),
        lines,
    )  # fmt: skip


def speed(found: Sequence[Row]) -> str:
    """Return the ratios of one machine."""
    lines = [
        (row["name"], row["stacked"], f"{row['as chosen']} ({row['chosen']})", row["range test"],
         row["bare training"])
        for row in found
    ]  # fmt: skip
    head = (found[0]["machine"], "stacked: times as fast", "as chosen", "range test: share of time",
            "training alone")  # fmt: skip
    return table(head, lines)
