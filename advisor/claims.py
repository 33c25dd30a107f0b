"""Settling which reader reads what: every file belongs to at most one claim."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from advisor.errors import UsageError
from advisor.execution import Task
from advisor.language import term
from advisor.limits import FAULTS, OutOfTime, describe, time_limit
from advisor.naming import natural
from advisor.reader import Claim, Reader, Refusal
from advisor.report import Problem, Refused
from advisor.text import told
from advisor.walk import Listing, real, walk


@dataclass(frozen=True)
class Filters:
    """Which of the recognized runs to look at."""

    newer_than: float | None = None
    """Only what was written to after this moment, in seconds since 1970."""
    last: int | None = None
    """Only this many, the most recently written to."""
    runs: str | None = None
    """A pattern for the names of the runs, which are known once they are read."""


@dataclass
class Found:
    """What the walks over all LOGS came to."""

    tasks: list[Task]
    refused: list[Refused]
    problems: list[Problem]
    passed_over: int = 0
    """Claims that the filters left out."""


def find_tasks(
    logs: Sequence[Path],
    readers: Iterable[Reader],
    filters: Filters,
    seconds: float = math.inf,
) -> Found:
    """Walk every LOGS argument once and settle the claims. Raises ``UsageError``.

    What lies in several of them is read once, as part of the first. A reader has ``seconds`` to
    find its files in one of them.
    """
    found = Found([], [], [])
    logs = list({real(path): path for path in reversed(logs)}.values())[::-1]
    prefixes = _prefixes(logs)
    written: list[Task] = []
    read: set[Path] = set()
    directories: dict[Path, Listing] = {}
    for path, prefix in zip(logs, prefixes, strict=True):
        listing = _walk(path)
        if listing.named:
            # Many files of one directory, each named by itself, list it once.
            listing.around = directories.setdefault(listing.base, listing).around
        claims, refused, problems = settle(listing, readers, seconds)
        named = f"{prefix}/" if prefix else ""
        found.refused += [r.model_copy(update={"path": named + r.path}) for r in refused]
        found.problems += [problem for problem in problems if problem not in found.problems]
        for claim in claims:
            own = {real(listing.by_path[file].absolute) for file in claim.owned}
            if not own & read:
                written.append(Task(claim, prefix, _written(listing, claim)))
            read |= own
    found.tasks = _filtered(written, filters)
    found.passed_over = len(written) - len(found.tasks)
    return found


def settle(
    listing: Listing, readers: Iterable[Reader], seconds: float = math.inf
) -> tuple[list[Claim], list[Refused], list[Problem]]:
    """Ask every reader, and give each file to the surest one; claims come in natural order.

    A reader that fails, or takes more than ``seconds``, claims nothing and is a problem.
    """
    offers: list[Claim] = []
    refusals: list[Refusal] = []
    problems: list[Problem] = []
    for reader in readers:
        try:
            with time_limit(seconds):
                answers = [_checked(reader, answer, listing) for answer in reader.claim(listing)]
        except FAULTS as error:
            text = "failed while it looked for its files: {what:given}"
            what = told(text, what=describe(error))
            cure = _SLOW if isinstance(error, OutOfTime) else _BROKEN
            problems.append(Problem(where=f"reader {reader.name}", what=what, cure=cure))
            continue
        offers += [answer for answer in answers if isinstance(answer, Claim)]
        refusals += [answer for answer in answers if isinstance(answer, Refusal)]
    claims, owned = _award(offers)
    refused = [
        Refused(path=r.file, reason=r.reason, cure=r.cure) for r in refusals if r.file not in owned
    ]
    refused += [Refused(path=s.path, reason=s.reason, cure=s.cure) for s in listing.skipped]
    claims.sort(key=lambda claim: natural(min(claim.owned)))
    return (
        [replace(claim, base=listing.base) for claim in claims],
        sorted(set(refused), key=lambda r: natural(r.path)),
        problems,
    )


_BROKEN = term("report it to the reader's author; the other readers are not affected")
_SLOW = term(
    "name a smaller directory, or set a larger read-seconds; the other readers are not affected"
)


def _checked(reader: Reader, answer: object, listing: Listing) -> Claim | Refusal:
    """Return a reader's answer. Raises ``TypeError`` or ``ValueError`` if it is of no use."""
    if isinstance(answer, Refusal):
        return answer
    if not isinstance(answer, Claim):
        raise TypeError(f"yields a {type(answer).__name__}, neither a Claim nor a Refusal")
    unknown = answer.owned - listing.by_path.keys()
    unknown |= set(answer.shared) - listing.around.by_path.keys()
    if unknown or not answer.owned or answer.reader != reader.name:
        raise ValueError(
            f"yields a claim of another reader, or on no listed file: {sorted(unknown)}"
        )
    return answer


def _award(offers: list[Claim]) -> tuple[list[Claim], set[str]]:
    owned: set[str] = set()
    claims = []
    for claim in sorted(offers, key=lambda c: (-c.certainty, c.reader, c.root, c.files)):
        if not owned & claim.owned:
            owned |= claim.owned
            claims.append(claim)
    return claims, owned


def _walk(path: Path) -> Listing:
    try:
        return walk(path)
    except OSError as error:
        if path.is_symlink():
            text = "{path:given}: a link that leads nowhere; name its target"
            raise UsageError(text, path=path) from error
        text = "{path:given}: there is no such file or directory; check the path"
        raise UsageError(text, path=path) from error


def _written(listing: Listing, claim: Claim) -> float:
    return max(listing.by_path[file].modified for file in claim.owned)


def _filtered(tasks: list[Task], filters: Filters) -> list[Task]:
    since = -math.inf if filters.newer_than is None else filters.newer_than
    recent = [task for task in tasks if task.written > since]
    if filters.runs is not None:
        return recent
    newest = sorted(range(len(recent)), key=lambda index: -recent[index].written)
    return [recent[index] for index in sorted(newest[: filters.last])]


def _prefixes(logs: Sequence[Path]) -> list[str]:
    """Return for each of several LOGS the shortest trailing part of its path that is its own."""
    if len(logs) < 2:
        return [""] * len(logs)
    parts = [real(path).parts for path in logs]
    longest = max(map(len, parts))
    shortened = (["/".join(p[-n:]).lstrip("/") for p in parts] for n in range(1, longest + 1))
    return next(names for names in shortened if len(set(names)) == len(parts))
