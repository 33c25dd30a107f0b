"""Compare what it costs to read a large table and a W&B run file, as ``bench.py`` does for events.

    make bench                            as the last of its tables
    python benchmarks/tables.py           1 M rows of 20 columns, 20,000 rows of W&B history
    python benchmarks/tables.py --quick   a tenth of it, once

The table has 17 full and 3 sparse columns. ``polars text and cast`` reads every cell as text and
makes numbers of it: of polars' own ways the one that keeps NaN and a missing cell apart and fails
on no cell. ``upb`` decodes the records of the same file with protobuf's C decoder.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.reader import Reader

COLUMNS = ("step", *(f"part_{n}/loss" for n in range(16)), "val/loss", "val/acc", "test/loss")
DENSE = 17
EVERY = 100
"""Rows from one value of a sparse column to the next."""
TAGS = 10
BLOCK = 32 * 1024


def write_table(path: Path, rows: int) -> int:
    """Write the table, unless it is there, and return the number of values besides the steps."""
    if not path.exists():
        chance = random.Random("table")
        with path.open("w", encoding="ascii", newline="\n") as file:
            file.write(",".join(COLUMNS) + "\n")
            for row in range(rows):
                count = len(COLUMNS) if row % EVERY == 0 else DENSE
                cells = [str(row), *(f"{chance.random():.6f}" for _ in range(count - 1))]
                file.write(",".join(cells) + "," * (len(COLUMNS) - count) + "\n")
    return rows * (DENSE - 1) + 3 * -(-rows // EVERY)


def write_run(path: Path, rows: int) -> int:
    """Write a run file as W&B's client of 2026 does, and return its number of logged values.

    The items of a row are in an order that is new in each row.
    """
    chance = random.Random("run")
    data = bytearray(b":W&B\xe1\xbe\0")
    for row in range(rows):
        items = [(f"train/loss_{n}", math.exp(-row / rows) + chance.gauss(0, 1) / 50)
                 for n in range(TAGS)]  # fmt: skip
        items += [("_timestamp", 1.7e9 + row), ("_runtime", row / 2), ("_step", row)]
        chance.shuffle(items)
        body = b"".join(_block(1, _block(2, k.encode()) + _block(16, json.dumps(v).encode()))
                        for k, v in items)  # fmt: skip
        body += _block(2, b"\x08" + _varint(row) if row else b"")
        _append(data, b"\x08" + _varint(row + 1) + _block(2, body))
    path.write_bytes(data)
    return rows * TAGS


def _append(data: bytearray, record: bytes) -> None:
    """Append a record in chunks that end where a block ends."""
    begun = False
    while True:
        room = BLOCK - len(data) % BLOCK
        if room < 7:
            data += bytes(room)
            continue
        part, record = record[: room - 7], record[room - 7 :]
        kind = (3 if record else 4) if begun else (2 if record else 1)
        checked = bytes([kind]) + part
        data += struct.pack("<IH", zlib.crc32(checked), len(part)) + checked
        begun = True
        if not record:
            return


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _block(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def advisor(path: Path) -> Callable[[], int]:
    """Claim the file and read its run, as the command does."""
    from dataclasses import replace

    from advisor.walk import walk

    reader = _reader(path)

    def read() -> int:
        listing = walk(path)
        claims = [replace(claim, base=listing.base) for claim in reader.claim(listing)]
        return sum(run.points for claim in claims for run in reader.read(claim))

    return read


def _reader(path: Path) -> Reader:
    """Return the reader of a file, with nothing of the other one imported."""
    if path.suffix == ".csv":
        from advisor_csv.reader import CsvReader

        return CsvReader()
    from advisor_wandb.reader import WandbRunReader

    return WandbRunReader()


def advisor_without_polars(path: Path) -> Callable[[], int]:
    """Read as where polars is not installed."""
    sys.modules["polars"] = None  # type: ignore[assignment]  # what makes its import fail
    return advisor(path)


def polars_text_and_cast(path: Path) -> Callable[[], int]:
    """Read every cell as text, and make numbers of it."""
    import polars as pl

    def read() -> int:
        table = pl.read_csv(path, infer_schema=False)
        found = [table[name].cast(pl.Float64, strict=False) for name in table.columns]
        arrays = [column.to_numpy() for column in found]
        return sum(len(a) - c.null_count() for a, c in zip(arrays, found, strict=True)) - len(table)

    return read


def pandas(path: Path) -> Callable[[], int]:
    """Read with the default parser, which takes NaN for a missing cell."""
    import pandas as pd

    def read() -> int:
        table = pd.read_csv(path)
        return sum(int(table[name].notna().sum()) for name in table.columns) - len(table)

    return read


def upb(path: Path) -> Callable[[], int]:
    """Decode the records with protobuf's C decoder, and keep each tag's values in a list."""
    record = _message()

    def read() -> int:
        found: dict[str, list[float]] = {}
        for data in _records(path.read_bytes()):
            for item in record.FromString(data).history.item:
                name = item.key or ".".join(item.nested_key)
                found.setdefault(name, []).append(float(item.value_json))
        return sum(len(values) for name, values in found.items() if name[0] != "_")

    return read


def _message() -> type:
    """Return the class of a W&B record, cut down to its history."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="run.proto", package="run", syntax="proto3")
    kinds = {"text": 9, "message": 11}
    for name, parts in {
        "Item": [
            ("key", 1, 1, "text"),
            ("nested_key", 2, 3, "text"),
            ("value_json", 16, 1, "text"),
        ],
        "History": [("item", 1, 3, "Item")],
        "Record": [("history", 2, 1, "History")],
    }.items():
        message = file.message_type.add(name=name)
        for part, number, label, kind in parts:
            field = message.field.add(name=part, number=number, label=label)
            field.type = kinds.get(kind, kinds["message"])
            if kind not in kinds:
                field.type_name = f".run.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("run.Record"))


def _records(data: bytes) -> Iterator[bytes]:
    """Yield the records of a sound file."""
    place, parts = 7, []
    while place + 7 <= len(data):
        if BLOCK - place % BLOCK < 7:
            place += BLOCK - place % BLOCK
            continue
        crc, length, kind = struct.unpack_from("<IHB", data, place)
        end = place + 7 + length
        if zlib.crc32(data[place + 6 : end]) != crc:
            raise SystemExit(f"the chunk at byte {place} is damaged")
        parts.append(data[place + 7 : end])
        place = end
        if kind in (1, 4):
            yield b"".join(parts)
            parts = []


METHODS = {
    method.__name__: method
    for method in (advisor, advisor_without_polars, polars_text_and_cast, pandas, upb)
}
ON_TABLE = ("advisor", "polars_text_and_cast", "pandas", "advisor_without_polars")
ON_RUN = ("advisor", "upb")


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, once")
    parser.add_argument("--repeat", type=int, default=5, help="measurements of each method")
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="where files go")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    scale, repeat = (10, 1) if given.quick else (1, given.repeat)
    rows = 1_000_000 // scale
    table, run = given.folder / f"table-{rows}.csv", given.folder / f"run-{rows // 50}.wandb"
    print(", ".join(f"{name} {version(name)}" for name in ("polars", "pandas", "protobuf")))
    print(
        f"\n| file | method | CPU s | against advisor | reading alone, s | peak MB |\n{'|---' * 6}|"
    )
    _measure(table, write_table(table, rows), ON_TABLE, repeat)
    _measure(run, write_run(run, rows // 50), ON_RUN, repeat)


def _measure(path: Path, points: int, methods: tuple[str, ...], repeat: int) -> None:
    costs: dict[str, list[tuple[float, float, float]]] = {method: [] for method in methods}
    for _ in range(repeat):
        for method in methods:
            costs[method].append(_run(method, path, points))
    medians = {m: [median(column) for column in zip(*c, strict=True)] for m, c in costs.items()}
    name = f"{path.name}: {path.stat().st_size / 1e6:.0f} MB, {points:,} values"
    for method, (cpu, inside, memory) in medians.items():
        ratio = cpu / medians["advisor"][0]
        words = method.replace("_", " ")
        print(f"| {name} | {words} | {cpu:.2f} | {ratio:.2f} | {inside:.2f} | {memory:.0f} |")
        name = ""


def _run(method: str, path: Path, points: int) -> tuple[float, float, float]:
    """Run one method in a process of its own: CPU seconds, those of reading alone, peak MB."""
    process = subprocess.Popen([sys.executable, __file__, method, path], stdout=subprocess.PIPE)
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    found = json.loads(said) if not status else {"points": 0}
    if found["points"] != points:
        raise SystemExit(f"{method} read {found['points']:,} of {points:,} values of {path}")
    return used.ru_utime + used.ru_stime, found["cpu"], used.ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in METHODS:
        read = METHODS[sys.argv[1]](Path(sys.argv[2]))
        begun = time.process_time()
        count = read()
        print(json.dumps({"points": count, "cpu": time.process_time() - begun}))
    else:
        main()
