"""The held-out results over time: a look's figures appended to ``heldout.csv``, never changed.

A draw is the data and models that the split holds. Once its misses are studied, it is development
data, and another one is drawn: looks are counted anew.
"""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("heldout.csv")
DRAW = 10
"""Which draw the held-out split is; its bases are ``healthy.HELD_OUT``."""
STUDIED: bool = False
"""Whether what the last look at it missed was studied: it shows nothing new from then on."""
MOST = 5
"""Looks at one draw: beyond them, too much was chosen by what they showed."""
FIELDS = ("draw", "look", "date", "commit", "figure", "part", "of", "low", "high")


class Look(NamedTuple):
    """The rates and counts of one look at the held-out split, by the names of their figures."""

    draw: int
    number: int
    date: str
    commit: str
    rates: dict[str, dict[str, Any]]
    counts: dict[str, int]


def last_look(file: Path = FILE) -> Look | None:
    """Return the latest look at the latest draw; ``None`` if nobody has looked."""
    if not (rows := _rows(file)):
        return None
    draw, number = max(map(_place, rows))
    rows = [row for row in rows if _place(row) == (draw, number)]
    rates = {row["figure"]: _rate(row) for row in rows if row["of"]}
    counts = {row["figure"]: int(row["part"]) for row in rows if not row["of"]}
    return Look(draw, number, rows[0]["date"], rows[0]["commit"], rates, counts)


def _rate(row: Mapping[str, str]) -> dict[str, Any]:
    rate: dict[str, Any] = {"part": float(row["part"]), "of": int(row["of"])}
    if row["low"]:
        rate["interval"] = (float(row["low"]), float(row["high"]))
    return rate


def spent(file: Path = FILE) -> str:
    """Say why nobody may look at the present draw any more; empty if one may."""
    if STUDIED:
        return f"the misses of draw {DRAW} were studied: draw another held-out split"
    if (looks := _looks(file)) >= MOST:
        return f"draw {DRAW} was looked at {looks} times: draw another held-out split"
    return ""


def append(result: Mapping[str, Any], file: Path = FILE) -> None:
    """Append a row for every rate, and for every count, as another look at the present draw.

    ``commit`` ends in ``+`` where files that are tracked had been changed since. Raises
    ``ValueError`` where there is reason not to (``spent``).
    """
    if reason := spent(file):
        raise ValueError(reason)
    about = (DRAW, _looks(file) + 1, datetime.now(UTC).strftime("%Y-%m-%d"), _commit())
    new = not file.exists()
    with file.open("a", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if new:
            writer.writerow(FIELDS)
        writer.writerows((*about, *figure) for figure in figures(result))


def figures(found: Mapping[str, Any], name: str = "") -> Iterator[tuple[Any, ...]]:
    """Yield name, part, whole and interval of each rate in nested figures; a count is a part."""
    for key, value in found.items():
        path = f"{name}.{key}" if name else key
        if isinstance(value, Mapping) and "of" in value:
            if value["of"]:
                yield (path, value["part"], value["of"], *value.get("interval", ("", "")))
        elif isinstance(value, Mapping):
            yield from figures(value, path)
        elif isinstance(value, int) and not isinstance(value, bool):
            yield (path, value, "", "", "")


def _looks(file: Path) -> int:
    """Return how often the present draw was looked at."""
    return max((look for draw, look in map(_place, _rows(file)) if draw == DRAW), default=0)


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))


def _place(row: Mapping[str, str]) -> tuple[int, int]:
    """Return a row's draw and look."""
    return int(row["draw"]), int(row["look"])


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words],  # noqa: S607  # the one that the user has
            capture_output=True,
            text=True,
            check=True,
            cwd=FILE.parent,
        ).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", ":/advisor", ":/plugins")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")
