"""What was measured of a rule, in words: for its page and for the list of rules."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.accuracy import Measurement, Rate
from advisor.language import tell, word
from advisor.text import number, percent

FEWEST = 20
"""Trainings below which a rate is said as counts only: a percentage would look too exact."""

NOT_MEASURED = "not measured"

INTERVALS = (
    "Counts are of trainings; copies of one training count as one. In brackets: Wilson's 95 % "
    f"interval. Fewer than {FEWEST} are given as counts."
)


def counted(rate: Rate) -> str:
    """Say a rate: ``62 of 70, 89% (79% to 94%)``; of few, counts only: ``3 of 4``."""
    if not rate.of:
        return "none judged"
    counts = f"{number(rate.part)} of {number(rate.of)}"
    if rate.of < FEWEST:
        return counts
    low, high = rate.interval
    return f"{counts}, {percent(rate.part / rate.of)} ({low:.1%} to {high:.1%})"


def brief(measurement: Measurement | None) -> str:
    """Say in a few words how often a rule was right, and how often it alarmed for nothing."""
    if measurement is None or not (measurement.right.of or measurement.alarms.of):
        return word(NOT_MEASURED)
    right, alarms = measurement.right, measurement.alarms
    text = "right {right:number}/{spoke:number}, alarms {alarms:number}/{healthy:number}"
    return tell(
        text if right.of else "alarms {alarms:number}/{healthy:number}",
        right=right.part,
        spoke=right.of,
        alarms=alarms.part,
        healthy=alarms.of,
    )


def measured_rows(measurement: Measurement) -> Iterator[tuple[str, str]]:
    """Yield what was counted, and the count, as the rows of a table."""
    yield "right, where it spoke", counted(measurement.right)
    yield "false alarms, on healthy and harmless runs", counted(measurement.alarms)
    for level, found in measurement.recall.items():
        if found.of:
            yield f"{level} faults that it found", counted(found)
    whose = f" ({measurement.group})" if measurement.group else ""
    for sure in measurement.bins:
        estimates = f"estimates up to {percent(sure.up_to)}"
        yield f"confidence {percent(sure.confidence)}, for {estimates}{whose}", counted(sure.right)
