"""Event files built by hand, byte by byte, so that tests know what is in them and where."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

POLYNOMIAL = 0x82F63B78
START = 1
NAME = "events.out.tfevents.1700000000.host.1.0"


def masked_crc(data: bytes) -> int:
    """CRC-32C bit by bit: slow, and nothing to get wrong."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (POLYNOMIAL if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def record(payload: bytes) -> bytes:
    head = struct.pack("<Q", len(payload))
    return (
        head
        + struct.pack("<I", masked_crc(head))
        + payload
        + struct.pack("<I", masked_crc(payload))
    )


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, payload: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def event(wall: float, step: int = 0, rest: bytes = b"") -> bytes:
    # proto3 leaves a step of 0 out.
    stepped = number(2, step) if step else b""
    return record(b"\x09" + struct.pack("<d", wall) + stepped + rest)


def version(wall: float = 1e9) -> bytes:
    return event(wall, 0, block(3, b"brain.Event:2"))


def summary(tag: str, rest: bytes) -> bytes:
    return block(5, block(1, block(1, tag.encode()) + rest))


def scalar(tag: str, step: int, value: float, wall: float | None = None) -> bytes:
    simple = b"\x15" + struct.pack("<f", value)
    return event(1e9 + step if wall is None else wall, step, summary(tag, simple))


def plugin(name: str, content: bytes = b"") -> bytes:
    return block(9, block(1, block(1, name.encode()) + block(2, content)))


def tensor(tag: str, step: int, body: bytes, name: str = "scalars", wall: float = 1e9) -> bytes:
    return event(wall + step, step, summary(tag, block(8, body) + plugin(name)))


def tf2_scalar(tag: str, step: int, value: float, wall: float = 1e9) -> bytes:
    """A scalar the way TensorFlow 2 stores it: a float tensor of rank 0, as raw bytes."""
    content = struct.pack("<f", value)
    return tensor(tag, step, number(1, 1) + block(2, b"") + block(4, content), wall=wall)


def text(tag: str, value: str) -> bytes:
    body = number(1, 7) + block(8, value.encode())
    return tensor(f"{tag}/text_summary", 0, body, "text")


def session_start(step: int, wall: float = 1e9) -> bytes:
    return event(wall, step, block(7, number(1, START)))


def hparams(values: dict[str, float | str | bool]) -> bytes:
    """What ``add_hparams`` writes: the values as the plugin data of a session's start."""
    entries = b"".join(
        block(1, block(1, key.encode()) + block(2, _value(value))) for key, value in values.items()
    )
    content = plugin("hparams", block(3, entries))
    return event(1e9, 0, summary("_hparams_/session_start_info", content))


def curve(tag: str, steps: Iterable[int], wall: float = 1e9) -> list[bytes]:
    """Points whose value is 1 / (1 + step), one second apart for each step."""
    return [scalar(tag, step, 1 / (1 + step), wall + step) for step in steps]


def write(folder: Path, *records: bytes, name: str = NAME) -> Path:
    """Write an event file that begins with a version record."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"".join([version(), *records]))
    return path


def _value(value: float | str | bool) -> bytes:
    if isinstance(value, bool):
        return number(4, value)
    if isinstance(value, str):
        return block(3, value.encode())
    return b"\x11" + struct.pack("<d", value)
