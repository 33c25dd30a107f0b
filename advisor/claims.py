"""Settling which reader reads what: every file belongs to at most one claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from advisor.errors import UsageError
from advisor.execution import Task
from advisor.manager import describe
from advisor.reader import Claim, Reader, Refusal
from advisor.report import Problem, Refused
from advisor.walk import Listing, walk


@dataclass(frozen=True)
class Filters:
    """Which of the recognized runs to look at."""

    newer_than: float | None = None
    """Only what was written to after this moment, in seconds since 1970."""
    last: int | None = None
    """Only this many, the most recently written to."""


@dataclass
class Found:
    """What the walks over all LOGS came to."""

    tasks: list[Task]
    refused: list[Refused]
    problems: list[Problem]
    passed_over: int = 0
    """Claims that the filters left out."""


def find_tasks(logs: Sequence[Path], readers: Iterable[Reader], filters: Filters) -> Found:
    """Walk every LOGS argument once and settle the claims. Raises ``UsageError``."""
    found = Found([], [], [])
    prefixes = _prefixes(logs)
    written: list[tuple[float, Task]] = []
    for path, prefix in zip(logs, prefixes, strict=True):
        listing = _walk(path)
        claims, refused, problems = settle(listing, readers)
        named = f"{prefix}/" if prefix else ""
        found.refused += [r.model_copy(update={"path": named + r.path}) for r in refused]
        found.problems += [problem for problem in problems if problem not in found.problems]
        written += [(_written(listing, claim), Task(claim, prefix)) for claim in claims]
    kept = _filtered(written, filters)
    found.tasks = [task for _, task in kept]
    found.passed_over = len(written) - len(kept)
    return found


def settle(
    listing: Listing, readers: Iterable[Reader]
) -> tuple[list[Claim], list[Refused], list[Problem]]:
    """Ask every reader, and give each file to the surest one; claims come in natural order."""
    offers: list[Claim] = []
    refusals: list[Refusal] = []
    problems: list[Problem] = []
    for reader in readers:
        try:
            answers = list(reader.claim(listing))
        except Exception as error:  # noqa: BLE001  # a broken reader costs only itself
            what = f"failed while it looked for its files: {describe(error)}"
            problems.append(Problem(where=f"reader {reader.name}", what=what, cure=_CURE))
            continue
        offers += [answer for answer in answers if isinstance(answer, Claim)]
        refusals += [answer for answer in answers if isinstance(answer, Refusal)]
    claims, owned = _award(offers)
    refused = [
        Refused(path=r.file, reason=r.reason, cure=r.cure) for r in refusals if r.file not in owned
    ]
    refused += [Refused(path=s.path, reason=s.reason, cure=s.cure) for s in listing.skipped]
    claims.sort(key=lambda claim: natural(claim.files[0]))
    return (
        [replace(claim, base=listing.base) for claim in claims],
        sorted(set(refused), key=lambda r: natural(r.path)),
        problems,
    )


_CURE = "report it to the reader's author; the other readers are not affected"


def _award(offers: list[Claim]) -> tuple[list[Claim], set[str]]:
    owned: set[str] = set()
    claims = []
    for claim in sorted(offers, key=lambda c: (-c.certainty, c.reader, c.root, c.files)):
        if not owned.intersection(claim.files):
            owned.update(claim.files)
            claims.append(claim)
    return claims, owned


def _walk(path: Path) -> Listing:
    try:
        return walk(path)
    except OSError as error:
        raise UsageError(f"{path}: there is no such file or directory; check the path") from error


def _written(listing: Listing, claim: Claim) -> float:
    return max(listing.by_path[file].modified for file in claim.files)


def _filtered(written: list[tuple[float, Task]], filters: Filters) -> list[tuple[float, Task]]:
    since = filters.newer_than
    kept = [entry for entry in written if since is None or entry[0] > since]
    if filters.last is not None:
        newest = sorted(kept, key=lambda entry: -entry[0])[: filters.last]
        kept = [entry for entry in kept if entry in newest]
    return kept


def _prefixes(logs: Sequence[Path]) -> list[str]:
    """Return for each of several LOGS the shortest trailing part of its path that is its own."""
    if len(logs) < 2:
        return [""] * len(logs)
    parts = [path.resolve().parts for path in logs]
    for length in range(1, max(map(len, parts)) + 1):
        shortened = ["/".join(p[-length:]).lstrip("/") for p in parts]
        if len(set(shortened)) == len(set(parts)):
            return shortened
    return ["/".join(p).lstrip("/") for p in parts]


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key that counts: ``version_2`` comes before ``version_10``."""
    return [
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
        for piece in re.split(r"(\d+)", text)
    ]
