"""A History of Keras saved as JSON: an object of lists, each with a value per epoch.

``json.dump(history.history, stream)`` writes lists, ``pandas.DataFrame(…).to_json`` objects with
the number of the row as key. People who train with other libraries save the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from advisor.formats.tables.names import counted, words
from advisor.formats.tables.sparse import as_number
from advisor.language import term
from advisor.notes import NoteKind, note
from advisor.reader import Claim, Unreadable
from advisor.run import Axis, Run, Series
from advisor.text import valid
from advisor.walk import Listing

NAME = "json-history"

_START = re.compile(rb'\s*\{\s*("history"\s*:\s*\{\s*)?"[^"\n]{1,200}"\s*:\s*[\[{]')
_LARGEST = 1 << 20
"""Bytes of a file that is looked at: some ten thousand epochs."""

Columns = dict[str, list[float]]


def claims(listing: Listing) -> Iterator[Claim]:
    """Claim the files that hold lists of one length, a loss among them."""
    for file in listing.files:
        if not file.name.lower().endswith(".json") or not _START.match(file.head):
            continue
        if file.size <= _LARGEST and _columns_at(file.absolute) is not None:
            root = file.path[: -len(".json")] or file.path
            proof = "lists of one length, a loss among them"
            yield Claim(NAME, root, (file.path,), proof, certainty=70)


def read(claim: Claim) -> Iterator[Run]:
    """Yield the run of a file. Raises ``Unreadable``."""
    (file,) = claim.files
    columns = _columns_at(claim.base / file)
    if columns is None:
        why = term("no object of lists of one length, with a loss among them")
        raise Unreadable(file, why, term("save `history.history` with `json.dump` again"))
    counter = next((name for name, values in columns.items() if _counts(name, values)), None)
    count = len(next(iter(columns.values())))
    steps = columns.pop(counter) if counter else list(range(count))
    series = {
        tag: Series(tag, np.array(steps, np.int64), np.array(values), axis=Axis.EPOCH)
        for tag, values in columns.items()
    }
    guess = note(NoteKind.STEP_GUESSED, axis="the place in the list, from 0,")
    notes = () if counter else (guess,)
    yield Run(claim.root, series, {}, term("History of Keras as JSON"), claim.files, notes)


def _columns_at(path: Path) -> Columns | None:
    try:
        return _columns(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return None


def _columns(found: Any) -> Columns | None:
    """Return the lists of numbers in an object, by name; ``None`` if it is no History."""
    if not isinstance(found, dict):
        return None
    if isinstance(found.get("history"), dict):
        found = found["history"]
    columns = {valid(name): values for name, inner in found.items() if (values := _numbers(inner))}
    lengths = {len(values) for values in columns.values()}
    told = any("loss" in words(name).split("_") for name in columns)
    return columns if told and len(lengths) == 1 and len(columns) == len(found) else None


def _numbers(value: Any) -> list[float] | None:
    if isinstance(value, dict):
        rows = list(value) == [str(index) for index in range(len(value))]
        value = list(value.values()) if rows else None
    if not isinstance(value, list):
        return None
    found = [as_number(item) for item in value]
    return [item for item in found if item is not None] if None not in found else None


def _counts(name: str, values: list[float]) -> bool:
    """Tell whether a list numbers the epochs."""
    if counted(name) is not Axis.EPOCH or any(abs(value) > 2**53 for value in values):
        return False
    return all(value.is_integer() for value in values) and bool((np.diff(values) > 0).all())
