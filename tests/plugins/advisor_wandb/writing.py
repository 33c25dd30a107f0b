"""Run files built by hand, byte by byte, so that tests know what is in them and where."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HEADER = b":W&B" + struct.pack("<HB", 0xBEE1, 0)
BLOCK = 32768
HISTORY, SUMMARY, CONFIG, STATS, RUN, EXIT = 2, 3, 5, 7, 17, 18


def varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def message(number: int, payload: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def whole(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def item(path: str | tuple[str, ...], value: Any) -> bytes:
    """An entry by its `key`, as clients of 2024 write it, or by a tuple as later ones do."""
    if isinstance(path, str):
        names = message(1, path.encode())
    else:
        names = b"".join(message(2, name.encode()) for name in path)
    return names + message(16, json.dumps(value).encode())


def record(number: int, payload: bytes, num: int = 1) -> bytes:
    return whole(1, num) + message(number, payload) + message(200, message(1, b"stream"))


def row(values: Mapping[Any, Any], step: int | None = None) -> bytes:
    """A record of history; `step` is the step that its own record gives."""
    items = b"".join(message(1, item(path, value)) for path, value in values.items())
    told = b"" if step is None else message(2, whole(1, step) if step else b"")
    return record(HISTORY, items + told)


def stepped(step: int, values: Mapping[Any, Any]) -> bytes:
    """A row as clients write it."""
    own = {"_timestamp": 1.7e9 + step, "_runtime": float(step), "_step": step}
    return row({**values, **own}, step)


def config(values: Mapping[Any, Any], remove: Iterable[str] = ()) -> bytes:
    updates = b"".join(message(1, item(path, value)) for path, value in values.items())
    return record(CONFIG, updates + b"".join(message(2, message(1, k.encode())) for k in remove))


def began(values: Mapping[Any, Any], host: str = "host.example") -> bytes:
    """The record that begins a run, with the settings it began with."""
    updates = b"".join(message(1, item(path, value)) for path, value in values.items())
    return record(RUN, message(1, b"id") + message(4, updates) + message(13, host.encode()))


def ended() -> bytes:
    return record(EXIT, whole(1, 0))


def chunk(kind: int, data: bytes) -> bytes:
    body = bytes([kind]) + data
    return struct.pack("<IH", zlib.crc32(body), len(data)) + body


def log(records: Iterable[bytes]) -> bytes:
    """A file of records, each cut into chunks where it meets the end of a block."""
    made = bytearray(HEADER)
    for data in records:
        _append(made, data)
    return bytes(made)


def _append(made: bytearray, data: bytes) -> None:
    place, first = 0, True
    while first or place < len(data):
        left = BLOCK - len(made) % BLOCK
        if left < 7:
            made += bytes(left)
            continue
        part = data[place : place + left - 7]
        place += len(part)
        last = place == len(data)
        kind = (1 if last else 2) if first else (4 if last else 3)
        made += chunk(kind, part)
        first = False


def folder(logs: Path, run: str, began_at: str = "20240102_030405", how: str = "run") -> Path:
    made = logs / "wandb" / f"{how}-{began_at}-{run}"
    made.mkdir(parents=True)
    return made


def run_file(where: Path, run: str, records: Iterable[bytes]) -> Path:
    path = where / f"run-{run}.wandb"
    path.write_bytes(log(records))
    return path


def measured(time: float, values: Mapping[str, Any]) -> bytes:
    """A record of what the client measured of the machine at a time."""
    seconds, nanos = int(time), int((time % 1) * 1e9)
    stamp = message(2, whole(1, seconds) + whole(2, nanos))
    items = b"".join(message(3, item(key, value)) for key, value in values.items())
    return record(STATS, whole(1, 0) + stamp + items)
