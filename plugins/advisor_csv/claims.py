"""Which files are logs: claimed by their content, and refused where only the name is one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from advisor.formats.configs import usual
from advisor.formats.tables.cells import missing, number
from advisor.formats.tables.names import counted, metric, pair, sure
from advisor.formats.tables.reading import head
from advisor.formats.tables.table import Table, parse
from advisor.reader import Claim, Refusal
from advisor.run import Axis
from advisor.walk import File, Listing
from advisor_csv import names
from advisor_csv.axis import Placing
from advisor_csv.dialect import Dialect, Look
from advisor_csv.dialects import generic, recognize
from advisor_csv.grouping import runs, widen
from advisor_csv.refusals import overlooked, refusal

NAME = "csv"

TABLES = (".csv", ".tsv", ".tab")
"""Suffixes of tables; any of them is read if its content is a log."""

_TEXTS = (".log", ".txt")
"""Suffixes under which loggers write tables as well as anything else."""

_LOG_NAME = re.compile(
    r"(metrics|results|progress|history|logs?([\W_\d].*)?"
    r"|training[\W_\d]*((log|metric|history|loss|result|progress|stat|curve).*)?)\.(csv|tsv|tab)"
)
"""Names that promise a log: if the content is none, that is said."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that is a log."""

    file: File
    dialect: Dialect
    certainty: int
    proof: str


def claims(listing: Listing) -> Iterator[Claim | Refusal]:
    """Claim the tables of a listing that are logs, and refuse those that only look like one."""
    found: list[_Found] = []
    for result in _looks(listing):
        if isinstance(result, Refusal):
            yield result
        else:
            found.append(result)
    yield from _named(found, listing)


def _looks(listing: Listing) -> Iterator[_Found | Refusal]:
    for file in listing.files:
        if file.name.lower().endswith(TABLES + _TEXTS):
            result = _look(file, listing)
            if result is not None:
                yield result


def _look(file: File, listing: Listing) -> _Found | Refusal | None:
    data = head(file)
    table = parse(data, whole=len(data) == file.size)
    log = table is not None and _log(file, table, listing)
    if log:
        return log
    wandb = table is not None and names.wandb_runs_table(table.header)
    if wandb or _promised(file, listing):
        return refusal(file.path, data, table)
    if table is None or not file.name.lower().endswith(TABLES):
        return None
    return overlooked(file.path, table)


def _log(file: File, table: Table, listing: Listing) -> _Found | None:
    """Judge the head of a file."""
    header = table.header
    if not len(table) or names.wandb_runs_table(header) or names.wandb_chart(header):
        return None
    look = Look(file.path, table, listing.around.names.get(file.folder, frozenset()))
    dialect = recognize(look)
    if dialect is not generic.DIALECT:
        return _Found(file, dialect, dialect.certainty, dialect.proof)
    _, first = runs(table)[0]
    return _plain(file, widen(first), dialect, promised=_promised(file, listing))


def _promised(file: File, listing: Listing) -> bool:
    """Tell whether a file's name, or that a person named it, says that it is a log."""
    if listing.named:
        return file.name.lower().endswith(TABLES)
    return _LOG_NAME.fullmatch(file.name.lower()) is not None


def _plain(file: File, table: Table, dialect: Dialect, *, promised: bool) -> _Found | None:
    placing = dialect.place(table)
    if not _numeric(table, placing):
        return None
    if placing.axis is not Axis.ROW and placing.column is not None:
        if sure(placing.column) or promised or any(map(metric, table.header)):
            proof = f"a table with the step column {placing.column}"
            return _Found(file, dialect, dialect.certainty, proof)
        return None
    if file.name.lower().endswith(_TEXTS):
        return None
    stepped = any(counted(name) for name in table.header)
    measured = promised and any(map(metric, table.header))
    if names.runs_table(table.header) or not (measured or pair(table.header)):
        return None
    return _Found(file, dialect, 40 if stepped else 30, "a table of metrics without a step column")


def _numeric(table: Table, placing: Placing) -> bool:
    """Tell whether a column besides the steps holds numbers."""
    return any(
        any(number(cell) is not None for cell in cells if not missing(cell))
        for name, cells in zip(table.header, table.columns, strict=True)
        if name != placing.column
    )


def _named(found: list[_Found], listing: Listing) -> Iterator[Claim]:
    """Give every run its name: the directory's where the logger gives each run its own."""
    tables = Counter(each.file.folder for each in found)
    others = _beside_others(found, listing)
    alone = {folder for folder, count in tables.items() if count == 1 and not others}
    made = [_claim(each, listing, alone=each.file.folder in alone) for each in found]
    roots = Counter(claim.root for claim in made)
    for each, claim in zip(found, made, strict=True):
        twice = roots[claim.root] > 1
        yield replace(claim, root=each.file.path) if twice else claim


def _beside_others(found: list[_Found], listing: Listing) -> bool:
    """Tell whether other logs lie beside the one that a person named."""
    if not listing.named or not found:
        return False
    looks = (look for look in _looks(listing.around) if isinstance(look, _Found))
    return any(look.file.path != found[0].file.path for look in looks)


def _claim(found: _Found, listing: Listing, *, alone: bool) -> Claim:
    file = found.file
    if found.dialect.own_folder and alone and not listing.named:
        root = file.folder
    else:
        root = file.path.rpartition(".")[0] or file.path
    beside = usual(listing.beside(file.folder)) if alone else ()
    files = tuple(sorted((file.path, *beside)))
    return Claim(NAME, root, files, found.proof, found.certainty, shared=beside)
