"""The held-out results over time: a look's figures appended to ``heldout.csv``, never changed."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("heldout.csv")
FIELDS = ("look", "date", "commit", "figure", "part", "of", "low", "high")


class Look(NamedTuple):
    """The rates and counts of one look at the held-out split, by the names of their figures."""

    number: int
    date: str
    commit: str
    rates: dict[str, dict[str, Any]]
    counts: dict[str, int]


def last_look(file: Path = FILE) -> Look | None:
    """Return the latest look; ``None`` if nobody has looked."""
    if not (number := _looks(file)):
        return None
    with file.open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if int(row["look"]) == number]
    rates = {row["figure"]: _rate(row) for row in rows if row["of"]}
    counts = {row["figure"]: int(row["part"]) for row in rows if not row["of"]}
    return Look(number, rows[0]["date"], rows[0]["commit"], rates, counts)


def _rate(row: Mapping[str, str]) -> dict[str, Any]:
    rate: dict[str, Any] = {"part": float(row["part"]), "of": int(row["of"])}
    if row["low"]:
        rate["interval"] = (float(row["low"]), float(row["high"]))
    return rate


def append(result: Mapping[str, Any], file: Path = FILE) -> None:
    """Append a row for every rate, and for every count.

    ``commit`` ends in ``+`` where files that are tracked had been changed since.
    """
    look = _looks(file) + 1
    about = (look, datetime.now(UTC).strftime("%Y-%m-%d"), _commit())
    with file.open("a", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if look == 1:
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
    if not file.exists():
        return 0
    with file.open(newline="") as stream:
        return max((int(row["look"]) for row in csv.DictReader(stream)), default=0)


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
