"""Which files are logs: claimed by their first rows, refused where only the name is one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.formats.configs import USUAL, usual
from advisor.formats.tables.json_lines import json_object
from advisor.formats.tables.names import counted, metric, sure
from advisor.formats.tables.reading import absent, head
from advisor.formats.tables.sparse import Sparse, numbers
from advisor.language import term
from advisor.reader import Claim, Refusal
from advisor.walk import File, Listing
from advisor_jsonl.dialect import Dialect, Row
from advisor_jsonl.dialects import generic, recognize
from advisor_jsonl.place import steady
from advisor_jsonl.rows import preambled

NAME = "jsonl"

LINES = (".jsonl", ".ndjson")
"""Suffixes of JSON lines; any of them is read if its content is a log."""
_OTHERS = (".json", ".log", ".txt")
"""Suffixes under which loggers write lines as well as anything else."""
_LOG_NAME = re.compile(
    r"(metrics?|scalars|history|progress|results?|(train|training)?[_-]?logs?)\.(jsonl|ndjson)"
    r"|(metrics|scalars|history)\.json|.+\.log\.json"
)
"""Names that promise a log: if the content is none, that is said."""
_RUN_NAME = re.compile(r"(log|train_log|training_log|metrics|scalars|history|progress|result)\.\w+")
"""Names that say nothing about the run, so that its directory names it."""
_FOLDER = "vis_data"
"""Where mmengine puts its log, below the directory of the run."""
_SAMPLE = 50
"""Rows of the head that are looked at."""


@dataclass(frozen=True, slots=True)
class _Found:
    file: File
    dialect: Dialect

    @property
    def home(self) -> str:
        """The directory of the run, if it has one of its own."""
        folder = self.file.folder
        above, _, last = folder.rpartition("/")
        return (above or ".") if last == _FOLDER else folder


def claims(listing: Listing) -> Iterator[Claim | Refusal]:
    """Claim the lines of a listing that are logs, and refuse those that only look like one."""
    found: list[_Found] = []
    for file in _candidates(listing):
        dialect = _dialect(file, listing)
        if dialect is not None:
            found.append(_Found(file, dialect))
        elif _promised(file, listing):
            yield _refusal(file)
    yield from _named(found, listing)


def _candidates(listing: Listing) -> Iterator[File]:
    for file in listing.files:
        if file.name.lower().endswith((*LINES, *_OTHERS)) and file.name not in USUAL:
            yield file


def first_rows(data: bytes) -> list[Row]:
    """Return the objects on the first lines of ``data``; none if the first line is no object."""
    lines = [line for line in data.split(b"\n", _SAMPLE)[:_SAMPLE] if line.strip()]
    if not lines or not lines[0].lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
        return []
    return [row for line in lines if (row := json_object(line)) is not None]


def _dialect(file: File, listing: Listing) -> Dialect | None:
    """Judge the head of a file."""
    start = file.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    # The many JSON files of a tree that start with an indented object are no lines.
    if not start.startswith(b"{") or start[1:].lstrip(b" \t")[:1] in (b"\r", b"\n"):
        return None
    rows = first_rows(head(file))
    if not rows or (len(rows) == 1 and not _may_be_single(file, listing)):
        return None
    dialect = recognize(rows)
    if dialect is not generic.DIALECT:
        return dialect
    rows = rows[1:] if preambled(rows) else rows
    return dialect if _is_log(rows, promised=_promised(file, listing)) else None


def _may_be_single(file: File, listing: Listing) -> bool:
    """Tell whether one row may be a log: one line of JSON is more often a file of settings."""
    return file.name.lower().endswith(LINES) or _promised(file, listing)


def _is_log(rows: Sequence[Row], *, promised: bool) -> bool:
    table = Sparse()
    for row in rows:
        table.add(list(numbers(dict(row))))
    measured = any(metric(name) for name in table.names if not counted(name))
    if not any(not counted(name) for name in table.names):
        return False
    if not steady(table):
        return promised and measured and len(rows) > 1
    return promised or measured or any(map(sure, table.names))


def _promised(file: File, listing: Listing) -> bool:
    """Tell whether a file's name, or that a person named it, says that it is a log."""
    named = listing.named and file.name.lower().endswith(LINES)
    return named or _LOG_NAME.fullmatch(file.name.lower()) is not None


def _refusal(file: File) -> Refusal:
    nothing = absent(file.head)
    if nothing:
        return Refusal(file.path, *nothing)
    cure = term("write one object a line, each with a step or an epoch")
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Refusal(file.path, term("its first line is no JSON object"), cure)
    if not first_rows(file.head):
        return Refusal(
            file.path, term("one JSON value over many lines, not an object a line"), cure
        )
    return Refusal(file.path, term("no line counts steps or epochs beside a metric"), cure)


def _named(found: list[_Found], listing: Listing) -> Iterator[Claim]:
    """Give every run its name: the directory's where the logger gives each run its own."""
    groups: dict[tuple[str, ...], list[_Found]] = {}
    for each in found:
        groups.setdefault(_key(each), []).append(each)
    logs = Counter(held[0].home for held in groups.values())
    others = _beside_others(found, listing)
    for held in groups.values():
        first = held[0]
        own = first.dialect.own_folder or _RUN_NAME.fullmatch(first.file.name.lower())
        alone = logs[first.home] == 1 and not others
        root = first.home if own and alone and not listing.named else _stem(first.file)
        beside = listing.beside(first.file.folder) if alone else ()
        python = tuple(f.path for f in beside if f.name in first.dialect.configs)
        configs = (*python, *usual(beside))
        files = tuple(sorted([each.file.path for each in held] + [*configs]))
        yield Claim(NAME, root, files, first.dialect.proof, first.dialect.certainty, configs)


def _beside_others(found: list[_Found], listing: Listing) -> bool:
    """Tell whether logs of other runs lie beside the one that a person named."""
    if not listing.named or not found:
        return False
    around = listing.around
    looks = ((file, _dialect(file, around)) for file in _candidates(around))
    beside = (_Found(file, dialect) for file, dialect in looks if dialect is not None)
    return any(_key(other) != _key(found[0]) for other in beside)


def _key(found: _Found) -> tuple[str, ...]:
    """Mmengine writes the same rows to two files of one directory."""
    twin = found.file.absolute.parent.name == _FOLDER
    return (found.file.folder,) if twin else (found.file.folder, found.file.name)


def _stem(file: File) -> str:
    for suffix in (".log.json", *LINES, *_OTHERS):
        if file.path.lower().endswith(suffix) and len(file.name) > len(suffix):
            return file.path[: -len(suffix)]
    return file.path
