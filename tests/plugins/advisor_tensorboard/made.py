"""Event files of random but seeded content and damage, of every kind that loggers write."""

from __future__ import annotations

import math
import random
import struct

from advisor_tensorboard import checksum
from tests.plugins.advisor_tensorboard import writing
from tests.plugins.advisor_tensorboard.writing import block, number, plugin

TAGS = ("loss", "acc", "train/loss", "val/loss", "lr", "a/rather/long/name/of/a/tag", "é")
VALUES = (0.0, -1.0, 1.5, math.nan, math.inf, -math.inf, 1e-45, 3e38)
TYPES = {1: "<f", 2: "<d", 3: "<i", 4: "<B", 5: "<h", 6: "<b", 9: "<q", 10: "<?", 17: "<H",
         19: "<e", 22: "<I", 23: "<Q"}  # fmt: skip


def sound(chance: random.Random, count: int) -> list[bytes]:
    """Return records as a logger could write them; most are plain scalars."""
    step, made = chance.choice([0, 0, 100, 20_000, 2**40, -5]), [framed(event(0, VERSION))]
    kinds = chance.choices(KINDS, k=3) + [simple] * 4
    tags = chance.sample(TAGS, chance.randint(1, 4))
    while len(made) < count:
        made += [framed(event(step, chance.choice(kinds)(chance, tag))) for tag in tags]
        step += chance.choice([1, 1, 1, 1, 3, 1000, -2])
    return made


def framed(payload: bytes) -> bytes:
    head = struct.pack("<Q", len(payload))
    ends = (struct.pack("<I", checksum.masked(part)) for part in (head, payload))
    return b"".join([head, next(ends), payload, next(ends)])


def damaged(chance: random.Random, data: bytes) -> bytes:
    """Return ``data`` with some flipped bits, stretches overwritten, put in, cut out or cut off."""
    held = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3, 6])):
        held = held or bytearray(1)
        place, length = chance.randrange(len(held)), chance.choice([1, 4, 12, 40, 300])
        kind = chance.choice(["flip", "flip", "flip", "write", "zeros", "insert", "remove", "copy"])
        if kind == "flip":
            held[place] ^= 1 << chance.randrange(8)
        elif kind == "write":
            held[place : place + length] = chance.randbytes(length)
        elif kind == "zeros":
            held[place:place] = bytes(length)
        elif kind == "insert":
            held[place:place] = chance.randbytes(length)
        elif kind == "remove":
            del held[place : place + length]
        else:
            held[place:place] = data[place // 2 : place // 2 + 10 * length]
    return bytes(held[: chance.randrange(1 + len(held)) if not chance.randrange(5) else None])


def simple(chance: random.Random, tag: str) -> bytes:
    return _summary(tag, _simple(_float(chance)))


def _float(chance: random.Random) -> float:
    return chance.choice(VALUES) if not chance.randrange(8) else chance.uniform(-9, 9)


def _simple(value: float) -> bytes:
    return b"\x15" + struct.pack("<f", value)


def _summary(tag: str, *parts: bytes) -> bytes:
    return block(5, b"".join(block(1, block(1, tag.encode()) + part) for part in parts))


def _named(chance: random.Random, tag: str) -> bytes:
    return _summary(tag, _simple(_float(chance)) + plugin(chance.choice(["scalars", "images"])))


def _tensor(chance: random.Random, tag: str) -> bytes:
    kind = chance.choice([1, 1, 1, 2, *TYPES])
    form = TYPES[kind]
    value = chance.uniform(0, 100) if form in ("<f", "<d", "<e") else chance.randrange(100)
    return _summary(tag, _held(chance, kind, block(4, struct.pack(form, value))))


def _typed_tensor(chance: random.Random, tag: str) -> bytes:
    value = chance.uniform(-9, 9)
    body = chance.choice(
        [
            block(5, struct.pack("<f", value)),
            b"\x2d" + struct.pack("<f", value),
            block(6, struct.pack("<d", value)),
            block(7, writing.varint(chance.randrange(10**6))),
            number(10, chance.randrange(-5, 5)),
            block(4, struct.pack("<f", value)) + block(5, struct.pack("<f", 7.0)),
        ]
    )
    return _summary(tag, _held(chance, 1, body))


def _held(chance: random.Random, kind: int, body: bytes) -> bytes:
    shape = chance.choice([b"", b"", b"", block(2, number(1, 1)), block(2, number(1, 2))])
    name = chance.choice(["scalars", "scalars", "scalars", "", "pr_curves", "text"])
    return block(8, number(1, kind) + block(2, shape) + body) + (plugin(name) if name else b"")


def _several(chance: random.Random, tag: str) -> bytes:
    parts = [block(1, f"{tag}{i % 9}".encode()) + _simple(_float(chance)) for i in range(12)]
    return block(5, b"".join(block(1, part) for part in parts))


def _histogram(chance: random.Random, tag: str) -> bytes:
    return _summary(tag, block(5, chance.randbytes(chance.choice([40, 500, 500, 1500]))))


def _image(chance: random.Random, tag: str) -> bytes:
    return _summary(tag, block(4, bytes(chance.choice([20, 20, 20, 20, 5000, 70_000]))))


def _text(chance: random.Random, tag: str) -> bytes:
    body = number(1, 7) + block(8, chance.choice([b"{}", b"lr: 1"]))
    return _summary(f"{tag}/text_summary", block(8, body) + plugin("text"))


def _odd(chance: random.Random, tag: str) -> bytes:
    return chance.choice(
        [
            block(7, number(1, chance.randrange(4))),
            block(5, block(1, block(7, tag.encode()) + _simple(1.0))),
            block(5, b""),
            b"\x0a\xff",
            _summary(tag, _simple(1.0)) + number(2, 7),
            _summary(tag, _simple(1.0)) + _summary(tag, _simple(2.0)),
            _summary(tag, _simple(1.0) + _simple(2.0)),
            bytes(chance.randrange(300)),
        ]
    )


def event(step: int, rest: bytes) -> bytes:
    return b"\x09" + struct.pack("<d", 1.7e9 + step / 7) + (number(2, step) if step else b"") + rest


VERSION = block(3, b"brain.Event:2")
KINDS = [simple, simple, _named, _tensor, _tensor, _typed_tensor, _several, _histogram, _image,
         _text, _odd]  # fmt: skip
