"""Two good readers, and one deliberately bad one for each promise of a reader.

The format: a line ``#loss`` and then one number a line.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np

from advisor.reader import Claim, Progress, Refusal, Unreadable
from advisor.run import ConfigValue, Run, Series
from advisor.walk import File, Listing
from tests.advisor.testing.bad import Bad, collector

BAD_READERS: list[Bad] = []
breaks = collector(BAD_READERS)

MARK = b"#loss"
STANDS_FOR_HEAVY = "comet_ml"
calls = itertools.count()


def write_samples(folder: Path) -> None:
    """Write two logs with nine values, one of them NaN."""
    for name, values in (("a", "2.0\n1.5\n1.25\n1.1\n1.0\n"), ("b", "2.0\nnan\n1.0\n0.5\n")):
        (folder / name).mkdir()
        (folder / name / "loss.txt").write_bytes(MARK + b"\n" + values.encode())


POINTS = 9


class Good:
    """Reads a format that was made up for these tests."""

    name = "lines"
    summary = "numbers, one a line"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        for file in listing.files:
            if file.head.startswith(MARK):
                yield self.claimed(file)

    def claimed(self, file: File) -> Claim:
        return Claim(self.name, file.folder, (file.path,), "its first line")

    def read(self, claim: Claim) -> Iterator[Run]:
        yield self.run(claim, self.values(self.content(claim)))

    def content(self, claim: Claim) -> bytes:
        try:
            return claim.paths[0].read_bytes()
        except OSError as error:
            raise Unreadable(claim.files[0], "it cannot be opened", "look for it") from error

    def values(self, content: bytes) -> list[float]:
        return [number for line in content.splitlines() if (number := _number(line)) is not None]

    def run(self, claim: Claim, values: list[float]) -> Run:
        series = Series("train/loss", np.arange(len(values)), np.array(values, dtype=np.float64))
        return Run(claim.root, {"train/loss": series}, source="lines", files=claim.files)


def _number(line: bytes) -> float | None:
    try:
        return float(line)
    except ValueError:
        return None


class GoodResuming(Good):
    """Keeps the values of whole lines, and goes on behind them."""

    def read(self, claim: Claim) -> Iterator[Run]:
        return self.resume(claim, {})

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        (file,) = claim.files
        before = progress.pop(file, None) or Progress(0, {}, {"values": np.empty(0)})
        content = self.content(claim)[before.offset :]
        end = self.end(content)
        values = [*before.columns["values"].tolist(), *self.values(content[:end])]
        progress[file] = Progress(before.offset + end, {}, {"values": np.array(values)})
        yield self.run(claim, [*values, *self.values(content[end:])])

    def end(self, content: bytes) -> int:
        return content.rfind(b"\n") + 1


@breaks("a_growing_log_reads_as_a_whole_one")
class TakesHalfLines(GoodResuming):
    def end(self, content: bytes) -> int:
        return len(content)


@breaks("name_and_summary_fit_a_list")
class Unnamed(Good):
    name = "My Reader"


@breaks("claims_are_well_formed")
class Unproven(Good):
    def claimed(self, file: File) -> Claim:
        return replace(super().claimed(file), proof="")


@breaks("every_point_is_read")
class Repairing(Good):
    def values(self, content: bytes) -> list[float]:
        return [value for value in super().values(content) if value == value]


@breaks("names_of_runs_are_unique")
class OneName(Good):
    def run(self, claim: Claim, values: list[float]) -> Run:
        return replace(super().run(claim, values), name="run")


@breaks("names_are_relative")
class Telling(Good):
    def run(self, claim: Claim, values: list[float]) -> Run:
        return replace(super().run(claim, values), name=str(claim.paths[0]))


@breaks("reading_again_gives_the_same")
class Counting(Good):
    def run(self, claim: Claim, values: list[float]) -> Run:
        count = ConfigValue(value=next(calls), origin="a counter")
        return replace(super().run(claim, values), config={"count": count})


@breaks("claiming_imports_nothing_heavy")
class Heavy(Good):
    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        sys.modules.setdefault(STANDS_FOR_HEAVY, ModuleType(STANDS_FOR_HEAVY))
        return super().claim(listing)


@breaks("junk_raises_nothing")
class AfraidOfGzip(Good):
    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        if any(file.head.startswith(b"\x1f\x8b") for file in listing.files):
            raise ValueError("gzip")
        return super().claim(listing)


@breaks("files_that_vanish_are_unreadable")
class Trusting(Good):
    def content(self, claim: Claim) -> bytes:
        return claim.paths[0].read_bytes()


@breaks("samples_cut_short_raise_nothing")
class NeedsAnEnd(Good):
    def values(self, content: bytes) -> list[float]:
        if content == MARK:
            raise IndexError("no line")
        return super().values(content)


@breaks("damaged_samples_raise_nothing")
class AsciiOnly(Good):
    def values(self, content: bytes) -> list[float]:
        content.decode("ascii")
        return super().values(content)


@breaks("hostile_names_change_nothing")
class PrintableOnly(Good):
    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        return [c for c in super().claim(listing) if isinstance(c, Claim) and c.root.isprintable()]
