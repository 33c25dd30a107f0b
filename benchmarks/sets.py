"""The event files that are read: seeded, and laid out byte for byte as torch and TensorFlow do.

``simple_value`` is what torch's and tensorboardX's writers store, ``tensor_content`` with the
plugin's name on every event what TensorFlow 2 stores.
"""

from __future__ import annotations

import math
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import google_crc32c

BEGIN = 1_700_000_000.0
"""Wall time of the first point, in seconds since 1970."""
QUANTITIES = ("loss", "accuracy", "grad_norm", "lr", "f1_score")
GROUPS = ("train", "val", "test", "layer_1")


@dataclass(frozen=True)
class LogSet:
    """One set of logs: how many runs, tags and steps there are, and how a point is stored."""

    name: str
    words: str
    runs: int
    tags: int
    steps: int
    stored: Callable[[str, float], bytes]
    pictures: int = 0
    """How many events hold a picture of 80 kB too."""

    @property
    def points(self) -> int:
        """The number of scalars in it."""
        return self.runs * self.tags * self.steps

    def write(self, folder: Path) -> Path:
        """Write the set, unless it is there, and return its directory."""
        home = folder / f"{self.name}-{self.runs}x{self.tags}x{self.steps}"
        if not (home / "written").exists():
            for run in range(self.runs):
                below = home / f"run-{run:04}"
                below.mkdir(parents=True, exist_ok=True)
                with (below / f"events.out.tfevents.{int(BEGIN)}.host.{run}.0").open("wb") as file:
                    file.writelines(self._records(random.Random(f"{self.name} {run}")))
            (home / "written").touch()
        return home

    def _records(self, chance: random.Random) -> Iterator[bytes]:
        yield framed(event(BEGIN, 0, block(3, b"brain.Event:2")))
        tags = [_tag(number) for number in range(self.tags)]
        wall = BEGIN
        every = max(1, self.steps // self.pictures) if self.pictures else 0
        for step in range(self.steps):
            for number, tag in enumerate(tags):
                wall += chance.uniform(0, 1e-3)
                value = _value(number, step / self.steps, chance)
                yield framed(event(wall, step, self.stored(tag, value)))
            if every and step % every == 0:
                yield framed(event(wall, step, picture("sample", chance.randbytes(80_000))))


def simple_value(tag: str, value: float) -> bytes:
    """Return a scalar as torch stores it."""
    return block(5, block(1, block(1, tag.encode()) + b"\x15" + struct.pack("<f", value)))


def tensor_content(tag: str, value: float) -> bytes:
    """Return a scalar as TensorFlow 2 stores it: a tensor of rank 0, and whose it is."""
    tensor = b"\x08\x01" + block(2, b"") + block(4, struct.pack("<f", value))
    plugin = block(9, block(1, block(1, b"scalars")))
    return block(5, block(1, block(1, tag.encode()) + block(8, tensor) + plugin))


def picture(tag: str, content: bytes) -> bytes:
    """Return a picture as torch stores it."""
    image = b"\x08\x80\x01\x10\x80\x01\x18\x03" + block(4, content)
    return block(5, block(1, block(1, tag.encode()) + block(4, image)))


def event(wall: float, step: int, rest: bytes) -> bytes:
    """Return a serialized event; a step of 0 is left out, as proto3 does."""
    return b"\x09" + struct.pack("<d", wall) + (b"\x10" + varint(step) if step else b"") + rest


def block(number: int, content: bytes) -> bytes:
    """Return a field that holds bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    """Return a number as a varint."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def framed(payload: bytes) -> bytes:
    """Return a record: length, payload, and the checksums of both."""
    length = struct.pack("<Q", len(payload))
    return b"".join([length, _masked(length), payload, _masked(payload)])


def _masked(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def _tag(number: int) -> str:
    tag = f"{GROUPS[number % 4]}/{QUANTITIES[number // 4 % 5]}"
    return tag if number < 20 else f"{tag}_{number // 20}"


def _value(number: int, done: float, chance: random.Random) -> float:
    """Return a point of a curve that falls or rises towards a limit, with noise."""
    falling = math.exp(-3 * done) * (1 + number % 3)
    level = falling if number // 4 % 2 == 0 else 1 - falling / 4
    return level + 0.02 * chance.gauss(0, 1)
