"""Checks of a reader on what is no log, or no longer one: it never fails, and says why."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

from advisor.reader import Claim, Reader, Refusal, Unreadable
from advisor.run import Run
from advisor.testing.checks import Check, broken, promise
from advisor.testing.samples import (
    ReaderCase,
    claims_of,
    contents,
    offsets,
    read_all,
    sample_tree,
)
from advisor.walk import Listing, walk

CUTS, FLIPS = 40, 40
"""How many times each sample is cut short, and damaged; places spread over the whole file."""

JUNK = {
    "empty": b"",
    "one NUL": b"\0",
    "zeros": b"\0" * 5_000,
    "all bytes": bytes(range(256)) * 40,
    "one long line": b"a" * 100_000,
    "not UTF-8": b"\xff\xfe\xd8\x00" * 500,
    "commas": b",,,,\n" * 500,
    "brackets": b"[" * 50_000,
    "a gzip head": b"\x1f\x8b\x08\x00" + b"\0" * 100,
    "a SQLite head": b"SQLite format 3\x00" + b"\xff" * 200,
    "a YAML bomb": b"a: &a [x]\nb: &b [*a,*a,*a]\nc: !!python/object/apply:os.system [exit]\n",
}
"""Contents that are no log of any format."""

HOSTILE_FOLDERS = (
    b"<script>alert(1)<",
    b"\x1b[31mred",
    b"line\nbreak",
    b"half \xff\xfe a name",
    "\u202egnp.exe".encode(),
    b"*[?]{a,b}",
    b"-rf",
    b" ",
    b"a\\..\\b",
    b"C:",
    b"x" * 200,
)
"""Names of folders, as bytes, that are more than a name somewhere."""


def damage_checks() -> Iterator[Check[ReaderCase]]:
    """Yield the checks of a reader on damaged and hostile files."""
    yield check_junk_raises_nothing
    yield check_files_that_vanish_are_unreadable
    yield check_samples_cut_short_raise_nothing
    yield check_damaged_samples_raise_nothing
    yield check_hostile_names_change_nothing


def check_junk_raises_nothing(case: ReaderCase) -> None:
    """Check that junk under the names of the samples is claimed, refused or left alone."""
    with sample_tree(case) as listing:
        for name, junk in JUNK.items():
            for file in listing.files:
                file.absolute.write_bytes(junk)
            _try(case.reader, walk(listing.base), f"every sample replaced by {name}")
        for file in listing.files:
            file.absolute.unlink()
            file.absolute.mkdir()
        _try(case.reader, walk(listing.base), "every sample replaced by a folder")


def check_files_that_vanish_are_unreadable(case: ReaderCase) -> None:
    """Check that a file that is gone before it is looked at, or read, is no reason to fail."""
    with sample_tree(case) as listing:
        claims = claims_of(case.reader, listing)
        unseen = walk(listing.base)
        for file in listing.files:
            file.absolute.unlink()
        _claim(case.reader, unseen, "files gone before they are claimed")
        for claim in claims:
            _read(case.reader, claim, "files gone before they are read")


def check_samples_cut_short_raise_nothing(case: ReaderCase) -> None:
    """Check that a log that ends anywhere is read as far as it goes, or is unreadable."""
    with sample_tree(case) as listing:
        for path, whole in contents(listing):
            for offset in offsets(len(whole), CUTS):
                path.write_bytes(whole[:offset])
                place = f"{path.name} cut after {offset} of {len(whole)} bytes"
                _try(case.reader, walk(listing.base), place)
            path.write_bytes(whole)


def check_damaged_samples_raise_nothing(case: ReaderCase) -> None:
    """Check that a log with a wrong byte anywhere is read, or is unreadable."""
    chance = random.Random(0)  # noqa: S311  # the same damage every time
    with sample_tree(case) as listing:
        for path, whole in contents(listing):
            for offset in offsets(len(whole), FLIPS):
                damaged = bytearray(whole)
                damaged[min(offset, len(whole) - 1)] ^= chance.randrange(1, 256)
                path.write_bytes(damaged)
                _try(case.reader, walk(listing.base), f"{path.name} with byte {offset} changed")
            path.write_bytes(whole)


def check_hostile_names_change_nothing(case: ReaderCase) -> None:
    """Check that the samples hold the same in a folder with an odd name."""
    with sample_tree(case) as listing:
        plain = _values(read_all(case.reader, listing))
    for name in HOSTILE_FOLDERS:
        with sample_tree(case, "plain") as listing:
            folder = listing.base / os.fsdecode(name)
            try:
                (listing.base / "plain").rename(folder)
            except (OSError, ValueError):
                continue  # this file system has no such names
            renamed = walk(listing.base)
            _claim(case.reader, renamed, f"in a folder {name!r}")
            same = _values(read_all(case.reader, renamed)) == plain
            promise(same, f"in a folder {name!r} other values are read")


def _values(runs: list[Run]) -> list[tuple[str, bytes, bytes]]:
    return sorted(
        (tag, one.steps.tobytes(), one.values.tobytes())
        for run in runs
        for tag, one in run.series.items()
    )


def _try(reader: Reader, listing: Listing, place: str) -> None:
    for claim in _claim(reader, listing, place):
        _read(reader, claim, place)


def _claim(reader: Reader, listing: Listing, place: str) -> list[Claim]:
    try:
        found = list(reader.claim(listing))
        claims = claims_of(reader, listing)
    except Exception as error:  # noqa: BLE001  # no exception at all may leave claim()
        broken(f"{place}: claim() raised {type(error).__name__}: {error}")
    for item in found:
        files = item.files if isinstance(item, Claim) else (item.file,)
        promise(isinstance(item, Claim | Refusal), f"{place}: claim() gave {item!r}")
        promise(set(files) <= set(listing.by_path), f"{place}: {files} are not all in the tree")
    return claims


def _read(reader: Reader, claim: Claim, place: str) -> None:
    try:
        for run in reader.read(claim):
            _ = [note.message for note in run.notes]
    except Unreadable as refused:
        promise(
            bool(refused.reason and refused.cure), f"{place}: Unreadable without reason or cure"
        )
    except Exception as error:  # noqa: BLE001  # none but Unreadable may leave read()
        broken(f"{place}: read() raised {type(error).__name__}: {error}")
