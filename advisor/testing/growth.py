"""The check of a reader that goes on in files that grew: in pieces it reads what it reads whole."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

from advisor.caching.memory import Memory
from advisor.caching.packing import pack_kept, unpack_kept
from advisor.reader import Claim, ResumingReader, Unreadable
from advisor.run import Run
from advisor.testing.checks import Check, promise
from advisor.testing.samples import (
    ReaderCase,
    claims_of,
    content_of,
    contents,
    offsets,
    sample_tree,
)
from advisor.walk import walk

PIECES = 20
"""In how many pieces each sample grows, besides those at its first and last bytes."""


def growth_checks(case: ReaderCase) -> Iterator[Check[ReaderCase]]:
    """Yield the checks of a reader that has ``resume``."""
    if isinstance(case.reader, ResumingReader):
        yield check_a_growing_log_reads_as_a_whole_one


def check_a_growing_log_reads_as_a_whole_one(case: ReaderCase) -> None:
    """Check that each sample, sound or damaged, grows to the runs that it has when read whole.

    What the reader keeps goes through the form that the cache gives it between two looks.
    """
    with sample_tree(case) as listing:
        for path, whole in contents(listing):
            for data in (whole, *_damaged(whole)):
                memories: dict[str, Memory] = {}
                for end in (*offsets(len(data), PIECES), len(data), len(data)):
                    path.write_bytes(data[:end])
                    for claim in claims_of(case.reader, walk(listing.base)):
                        _look(case.reader, claim, memories, f"{path.name} grown to {end} bytes")
            path.write_bytes(whole)


def _look(reader: object, claim: Claim, memories: dict[str, Memory], place: str) -> None:
    """Read a claim whole and in pieces, and compare."""
    assert isinstance(reader, ResumingReader)  # noqa: S101  # as growth_checks made sure
    memory = memories.get(claim.root, Memory())
    wanted = _outcome(lambda: reader.read(claim))
    found = _outcome(lambda: memory.runs(reader, claim))
    promise(found == wanted, f"{place}: resume() gives other runs than read()")
    memories[claim.root] = Memory(unpack_kept(pack_kept(memory.kept)))


def _outcome(read: Callable[[], Iterable[Run]]) -> object:
    try:
        return [content_of(run) for run in read()]
    except Unreadable as refused:
        return str(refused)


def _damaged(whole: bytes) -> Iterator[bytes]:
    """Yield a file with wrong bits here and there, and one that lacks a stretch."""
    chance = random.Random(0)  # noqa: S311  # the same damage every time
    flipped = bytearray(whole)
    for place in chance.sample(range(len(whole)), min(3, len(whole))):
        flipped[place] ^= 1 << chance.randrange(8)
    yield bytes(flipped)
    yield whole[: len(whole) // 3] + whole[len(whole) // 2 :]
