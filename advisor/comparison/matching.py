"""Which run now is held against which run of the baseline: their names decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from advisor.report import Report
from advisor.text import Message, message

How = Literal["name", "ending", "only"]


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs of runs, and the runs without a counterpart."""

    pairs: Mapping[str, str]
    """From the name now to the name in the baseline, in the report's order."""
    how: Mapping[str, How]
    """By the name now."""
    added: tuple[str, ...]
    """Runs that the baseline does not have."""
    missing: tuple[str, ...]
    """Runs that only the baseline has."""

    @property
    def back(self) -> Mapping[str, str]:
        """From the name in the baseline to the name now."""
        return {before: now for now, before in self.pairs.items()}

    def told(self) -> Iterator[Message]:
        """Say how runs were matched, and which have no counterpart."""
        count = list(self.how.values()).count
        if by_name := count("name"):
            text = "{n:count run is|runs are} held against the run of the same name."
            yield message("baseline.by_name", text, n=by_name)
        if by_ending := count("ending"):
            text = (
                "{n:count run is|runs are} held against the run whose path has the same end, as "
                "LOGS was another folder."
            )
            yield message("baseline.by_ending", text, n=by_ending)
        if count("only"):
            text = "There is one run on each side: {now:name} is held against {before:name}."
            now, before = next(iter(self.pairs.items()))
            yield message("baseline.only", text, now=now, before=before)
        yield from self._alone()

    def _alone(self) -> Iterator[Message]:
        if self.added:
            text = "Not in the baseline: {runs:names}."
            yield message("baseline.added", text, runs=self.added)
        if self.missing:
            text = "In the baseline only: {runs:names}."
            yield message("baseline.missing", text, runs=self.missing)
        if self.added and self.missing:
            text = (
                "Runs without a counterpart are compared by their rules alone: give runs that "
                "belong together one name."
            )
            yield message("baseline.alone", text)


def match(report: Report, baseline: Report) -> Matching:
    """Match runs by name, then by the end of their paths; one run on each side is a pair anyway.

    A run that lies in LOGS itself is called ``.`` on both sides.
    """
    now = [run.name for run in report.runs]
    before = [run.name for run in baseline.runs]
    how: dict[str, How] = {name: "name" for name in now if name in set(before)}
    pairs = {name: name for name in how}
    for one, other in _by_ending(_without(now, pairs), _without(before, pairs.values())):
        pairs[one], how[one] = other, "ending"
    if not pairs and len(now) == len(before) == 1:
        pairs[now[0]], how[now[0]] = before[0], "only"
    return Matching(
        {name: pairs[name] for name in now if name in pairs},
        how,
        tuple(_without(now, pairs)),
        tuple(_without(before, pairs.values())),
    )


def _without(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    known = set(taken)
    return [name for name in names if name not in known]


def _by_ending(now: list[str], before: list[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of which one path ends with the other, where that fits one run on each side."""
    ends = [(n, b) for n in now for b in before if n.endswith(f"/{b}") or b.endswith(f"/{n}")]
    for one, other in ends:
        if sum(one == n or other == b for n, b in ends) == 1:
            yield one, other
