"""Blocks give what reading record by record gives, whatever a file holds and however damaged."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import numpy as np
import pytest

from advisor_tensorboard import decode as decoding
from advisor_tensorboard.decode import EventReader, decode
from advisor_tensorboard.held import EventFile
from tests.plugins.advisor_tensorboard import made, plain

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


@pytest.mark.parametrize("part", range(PARTS))
def test_blocks_give_what_reading_one_by_one_gives(
    tmp_path: Path, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "events"
    for seed in range(part, FILES, PARTS):
        chance = random.Random(seed)
        monkeypatch.setattr(decoding, "BLOCK", chance.choice([300, 4000, 2 << 20]))
        records = made.sound(chance, chance.choice([5, 15, 30, 80]))
        path.write_bytes(made.damaged(chance, b"".join(records)))
        try:
            compare(path)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


@pytest.mark.parametrize("seed", range(60))
def test_reading_a_file_while_it_grows_gives_what_reading_it_whole_gives(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    data = b"".join(made.sound(chance, 120))
    path = tmp_path / "events"
    path.touch()
    reader = EventReader(path)
    pieces = []
    for end in [*sorted(chance.choices(range(len(data)), k=5)), len(data)]:
        path.write_bytes(data[:end])
        pieces.append(reader.read())
    whole = decode(path)
    joined: dict[str, list[tuple[int, bytes, bytes, int]]] = {}
    for piece in pieces:
        for tag, found in rows(piece).items():
            joined.setdefault(tag, []).extend(found)
    assert joined == rows(whole)
    assert [start for piece in pieces for start in piece.starts] == whole.starts
    assert (pieces[-1].texts, pieces[-1].hparams) == (whole.texts, whole.hparams)
    assert reader.read().columns == {}


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "events"
    chance = random.Random(0)
    data = b"".join(made.framed(made.event(step, made.simple(chance, "a"))) for step in range(9))
    path.write_bytes(data)
    reader = EventReader(path)
    assert len(reader.read().columns["a"].steps) == 9
    with path.open("r+b") as file:  # whoever read the first half again would see this
        file.write(bytes(len(data) // 2))
        file.seek(0, 2)
        file.write(made.framed(made.event(9, made.simple(chance, "a"))))
    held = reader.read()
    assert held.columns["a"].steps.tolist() == [9]
    assert held.damage == []


def test_a_file_that_became_shorter_is_another_file(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(made.framed(made.event(1, made.simple(random.Random(0), "a"))))
    reader = EventReader(path)
    reader.read()
    path.write_bytes(b"")
    with pytest.raises(OSError, match="shorter"):
        reader.read()


def test_columns_cannot_be_written_to(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(made.framed(made.event(1, made.simple(random.Random(0), "a"))))
    column = decode(path).columns["a"]
    with pytest.raises(ValueError, match="read-only"):
        column.values[:] = np.nan
