"""Blocks give what reading record by record gives, whatever a file holds and however damaged."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor_tensorboard import decode as decoding
from advisor_tensorboard.decode import decode
from advisor_tensorboard.framing import Block
from advisor_tensorboard.held import EventFile
from tests.plugins.advisor_tensorboard import made, plain
from tests.plugins.advisor_tensorboard.writing import block

PARTS = 16
FILES = int(os.environ.get("ADVISOR_FUZZ_FILES", "800"))
"""Files that are compared; ``make fuzz`` compares 100,000."""


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


def rows(held: EventFile) -> dict[str, list[tuple[int, bytes, bytes, int]]]:
    return {
        tag: [
            (step, bits(value), bits(wall), offset)
            for step, value, wall, offset in zip(
                column.steps.tolist(),
                column.values.tolist(),
                column.wall_times.tolist(),
                column.offsets.tolist(),
                strict=True,
            )
        ]
        for tag, column in held.columns.items()
    }


def plain_rows(held: plain.Plain) -> dict[str, list[tuple[int, bytes, bytes, int]]]:
    found: dict[str, list[tuple[int, bytes, bytes, int]]] = {}
    for tag, step, value, wall, offset in held.points:
        found.setdefault(tag, []).append((step, bits(value), bits(wall), offset))
    return found


def compare(path: Path) -> None:
    held, expected = decode(path), plain.decode(path)
    assert rows(held) == plain_rows(expected)
    assert list(held.columns) == list(plain_rows(expected))
    assert {tag: column.tensor for tag, column in held.columns.items()} == expected.tensors
    assert held.texts == {tag: min(t) for tag, t in expected.texts.items() if len(t) == 1}
    assert held.hparams == expected.hparams
    assert held.starts == expected.starts
    assert held.damage == expected.damage


SPARE: dict[int, list[Block]] = {}
"""Blocks by their size, with what the files before left in them."""


def in_blocks_of(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "BLOCK", size)
    monkeypatch.setattr(decoding, "_SPARE", SPARE.setdefault(size, []))


@pytest.mark.parametrize("part", range(PARTS))
def test_blocks_give_what_reading_one_by_one_gives(
    tmp_path: Path, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "events"
    for seed in range(part, FILES, PARTS):
        chance = random.Random(seed)
        in_blocks_of(chance.choice([300, 4000, 2 << 20]), monkeypatch)
        records = made.sound(chance, chance.choice([5, 15, 30, 80]))
        path.write_bytes(made.damaged(chance, b"".join(records)))
        try:
            compare(path)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def grown(path: Path, data: bytes, ends: Iterable[int]) -> Iterator[tuple[EventFile, EventFile]]:
    """Write more and more of ``data``; yield what going on gives, and reading it whole."""
    held = None
    for end in ends:
        path.write_bytes(data[:end])
        before = None if held is None or held.end is None else held
        held = decode(path, before)
        yield held, decode(path)


def same(one: EventFile, other: EventFile) -> None:
    assert rows(one) == rows(other)
    assert replace(one, columns={}) == replace(other, columns={})
    assert list(one.columns) == list(other.columns)
    assert [c.tensor for c in one.columns.values()] == [c.tensor for c in other.columns.values()]


@pytest.mark.parametrize("part", range(PARTS))
def test_reading_a_file_while_it_grows_gives_what_reading_it_whole_gives(
    tmp_path: Path, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(part, FILES // 2, PARTS):
        chance = random.Random(seed)
        in_blocks_of(chance.choice([300, 4000, 2 << 20]), monkeypatch)
        data = b"".join(made.sound(chance, chance.choice([5, 30, 120])))
        data = chance.choice([data, made.damaged(chance, data)])
        ends = sorted(chance.choices(range(len(data) + 1), k=5))
        try:
            for held, whole in grown(tmp_path / "events", data, [*ends, len(data), len(data)]):
                same(held, whole)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "events"
    chance = random.Random(0)
    data = b"".join(made.framed(made.event(step, made.simple(chance, "a"))) for step in range(9))
    path.write_bytes(data)
    held = decode(path)
    with path.open("r+b") as file:  # whoever read the first half again would see this
        file.write(bytes(len(data) // 2))
        file.seek(0, 2)
        file.write(made.framed(made.event(9, made.simple(chance, "a"))))
    held = decode(path, held)
    assert held.columns["a"].steps.tolist() == [*range(10)]
    assert held.damage == []


def test_what_lies_in_a_record_that_is_not_all_there_is_taken_back(tmp_path: Path) -> None:
    chance = random.Random(0)
    inner = made.framed(made.event(1, made.simple(chance, "inner"))) * 3
    outer = made.framed(made.event(2, made.simple(chance, "outer") + block(6, inner)))
    cut = len(outer) - 10
    (first, _), (second, whole) = grown(tmp_path / "events", outer, [cut, len(outer)])
    assert (list(first.columns), first.end) == (["inner"], None)
    assert list(second.columns) == ["outer"]
    same(second, whole)


def test_a_long_record_at_the_end_is_looked_at_again(tmp_path: Path) -> None:
    image = bytearray(made.framed(made.event(1, block(5, block(1, bytes(1 << 17))))))
    image[5000] ^= 1
    ends = [len(image), len(image) + 30]
    for held, whole in grown(tmp_path / "events", bytes(image) + b"no record" * 9, ends):
        same(held, whole)


def test_a_file_that_became_shorter_is_another_file(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(made.framed(made.event(1, made.simple(random.Random(0), "a"))))
    held = decode(path)
    path.write_bytes(b"")
    with pytest.raises(OSError, match="shorter"):
        decode(path, held)


def test_columns_cannot_be_written_to(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(made.framed(made.event(1, made.simple(random.Random(0), "a"))))
    column = decode(path).columns["a"]
    with pytest.raises(ValueError, match="read-only"):
        column.values[:] = np.nan
