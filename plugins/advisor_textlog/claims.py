"""Which files are logs: looked at where a log and its source listing can begin and end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from advisor.formats.tables.encoding import decode
from advisor.language import term
from advisor.reader import Claim, Refusal
from advisor.walk import File, Listing
from advisor_textlog.dialect import Dialect
from advisor_textlog.dialects import LEAST, LEAST_NAMED, generic, recognize
from advisor_textlog.visible import numbered

_TEXT = re.compile(r"(.*[._-])?(logs?|out|err|stdout|stderr|output|txt)(\.\d+)?", re.IGNORECASE)
"""Names of files that a program's output is put into. Anything else is looked at only where it
is itself named as LOGS."""
_STRUCTURED = re.compile(
    r".*\.tfevents\..*|.*\.wandb|(metrics|results|progress|history|log|summary)\.(csv|jsonl?)"
    r"|scalars\.json|trainer_state\.json|.*\.log\.json|results?\.json"
)
"""Logs that say more than the text beside them, which tells the same run again."""
_SAMPLE = 1 << 17
"""Bytes looked at, each, of the beginning and of the end of a file."""


@dataclass(frozen=True, slots=True)
class _Found:
    file: File
    dialect: Dialect


def claims(listing: Listing, reader: str) -> Iterator[Claim | Refusal]:
    """Claim the texts that are logs. A text that is none is nobody's mistake, unless named."""
    found: list[_Found] = []
    for file in listing.files:
        if listing.named or _TEXT.fullmatch(file.name):
            dialect = _look(file, listing)
            if dialect is not None:
                found.append(_Found(file, dialect))
    yield from _named(found, listing, reader)
    if listing.named and not found and _TEXT.fullmatch(listing.files[0].name):
        yield _refusal(listing.files[0])


def _look(file: File, listing: Listing) -> Dialect | None:
    sample = _sample(file)
    text = decode(sample)
    if text is None:
        return None
    least = LEAST_NAMED if listing.named else LEAST
    dialect = recognize(numbered(text.content), least)
    if dialect is generic.DIALECT and _told_better(file, listing):
        return None
    return dialect


def _sample(file: File) -> bytes:
    """Return the beginning and the end of a file: a listing of the source may come before."""
    try:
        with file.absolute.open("rb") as stream:
            begin = stream.read(_SAMPLE)
            if file.size <= _SAMPLE:
                return begin
            stream.seek(max(_SAMPLE, file.size - _SAMPLE))
            # The first line behind the gap may have lost its beginning.
            return begin[: begin.rfind(b"\n") + 1] + stream.read(_SAMPLE).partition(b"\n")[2]
    except OSError:
        return b""


def _told_better(file: File, listing: Listing) -> bool:
    """Tell whether a structured log lies beside a text that only a last resort can read."""
    beside = (*listing.folders[file.folder], *listing.folders.get(f"{file.folder}/vis_data", ()))
    return any(_STRUCTURED.fullmatch(other.name) for other in beside)


def _named(found: list[_Found], listing: Listing, reader: str) -> Iterator[Claim]:
    texts = Counter(each.file.folder for each in found)
    made = [_claim(each, reader, alone=texts[each.file.folder] == 1) for each in found]
    if listing.named:
        made = [replace(claim, root=claim.files[0]) for claim in made]
    roots = Counter(claim.root for claim in made)
    for claim in made:
        yield replace(claim, root=claim.files[0]) if roots[claim.root] > 1 else claim


def _claim(found: _Found, reader: str, *, alone: bool) -> Claim:
    file, dialect = found.file, found.dialect
    if alone and file.name == dialect.own_folder:
        root = file.folder
    else:
        root = file.path.removesuffix(".txt").removesuffix(".log") or file.path
    return Claim(reader, root, (file.path,), dialect.proof, dialect.certainty)


def _refusal(file: File) -> Refusal:
    return Refusal(
        file.path,
        term("no lines with a step, and a loss or a metric that goes with it"),
        term(
            "let the training print them in one line (`step:10 loss:2.5`), or name its log "
            "directory"
        ),
    )
