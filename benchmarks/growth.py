"""What a second look at logs costs, as ``bench.py`` measures: unchanged, and grown by a hundredth.

    make bench                            after its other tables
    python benchmarks/growth.py           a million values in each of three formats
    python benchmarks/growth.py --quick   a tenth of it, once

``without`` reads all and keeps nothing, ``first`` reads all and keeps it, ``again`` finds the logs
as they were, and ``grown`` with one part in a hundred more than at the first look; every report
must be that of ``without``, byte for byte. Behind the CPU seconds of the whole command stand those
of reading alone, checks of what was read before included, and how much of the log was decoded.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from sets import LogSet, simple_value
from tables import TAGS, write_run

SHARE = 100
"""One part in this many is what a log grows by."""
LOOKS = ("without", "first", "again", "grown")


def write_events(path: Path, values: int) -> None:
    """Write an event file as torch does."""
    home = LogSet("grown", "", 1, 20, values // 20, simple_value).write(path.parent)
    next(home.rglob("*tfevents*")).replace(path)


def write_wandb(path: Path, values: int) -> None:
    """Write a run file of W&B."""
    write_run(path, values // TAGS)


def write_lines(path: Path, values: int) -> None:
    """Write JSON lines, ten values each."""
    chance = random.Random("lines")
    with path.open("w", encoding="ascii", newline="\n") as file:
        for step in range(values // TAGS):
            row = {f"train/loss_{n}": math.exp(-step / 1e4) + chance.random() for n in range(TAGS)}
            file.write(json.dumps({"step": step, **row}) + "\n")


KINDS: dict[str, tuple[str, Callable[[Path, int], None]]] = {
    "event file": ("events.out.tfevents.1700000000.host", write_events),
    "W&B run file": ("run-a1.wandb", write_wandb),
    "JSON lines": ("metrics.jsonl", write_lines),
}


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, once")
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each look")
    given = parser.parse_args()
    values, repeat = (100_000, 1) if given.quick else (1_000_000, given.repeat)
    print(f"\n| log | look | command, CPU s | reading alone, s | decoded |\n{'|---' * 5}|")
    for kind, (name, write) in KINDS.items():
        costs: dict[str, list[tuple[float, float, float]]] = {look: [] for look in LOOKS}
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder, "whole"), values)
            data = Path(folder, "whole").read_bytes()
            for _ in range(repeat):
                for look, cost in _looks(Path(folder), name, data):
                    costs[look].append(cost)
        title = f"{kind}: {len(data) / 1e6:.0f} MB, {values:,} values"
        for look, found in costs.items():
            command, inside, decoded = (median(column) for column in zip(*found, strict=True))
            print(
                f"| {title} | {look} | {command:.2f} | {inside:.3f} | {decoded:.1%} |", flush=True
            )
            title = ""


def _looks(
    folder: Path, name: str, data: bytes
) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """Look at a log as it is kept by nobody, then first, again, and when it has grown."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    shorter = data[: len(data) - len(data) // SHARE]
    with tempfile.TemporaryDirectory() as kept:
        for look in LOOKS:
            (logs / name).write_bytes(shorter if look in ("first", "again") else data)
            yield look, _look(logs, kept, look)


def _look(logs: Path, kept: str, look: str) -> tuple[float, float, float]:
    """Measure the command, and reading alone on a copy of what was kept before it."""
    for place in ("command", "reading"):
        Path(kept, place).mkdir(exist_ok=True)
    inside, decoded = _said(Path(kept, "reading"), "reading", str(logs), look)
    report, cpu = _run(Path(kept, "command"), _command(logs, look))
    if look == "grown" and report != _run(Path(kept, "none"), _command(logs, "without"))[0]:
        raise SystemExit(f"the report on {logs} is another than that of a first look")
    return cpu, inside, decoded


def _command(logs: Path, look: str) -> list[str]:
    more = ["--no-cache"] if look == "without" else []
    judged = ["--jobs", "1", "--fail-on", "never", "--format", "json", "--output", "-"]
    return ["-m", "advisor", "run", str(logs), *judged, *more]


def _said(kept: Path, *arguments: str) -> tuple[float, float]:
    inside, decoded = json.loads(_run(kept, [__file__, *arguments])[0])
    return inside, decoded


def _run(kept: Path, arguments: list[str]) -> tuple[bytes, float]:
    """Run Python with a cache of its own; return what it says, and its CPU seconds."""
    environ = {**os.environ, "XDG_CACHE_HOME": str(kept)}
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, env=environ)
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{arguments} failed")
    return said, used.ru_utime + used.ru_stime


def reading(logs: Path, look: str) -> tuple[float, float]:
    """Read the one claim of a directory; return CPU seconds, and the share that was decoded."""
    from dataclasses import replace

    from advisor.caching.cache import Cache, folder
    from advisor.caching.memory import Memory
    from advisor.claims import settle
    from advisor.manager import load_plugins
    from advisor.walk import walk

    readers = load_plugins().readers
    listing = walk(logs)
    (found,), _, _ = settle(listing, readers.values())
    claim, place = replace(found, base=listing.base), folder()
    gained: list[int] = []
    runs = Memory.runs

    def noted(self: Memory, *given: object) -> object:
        found = runs(self, *given)  # type: ignore[arg-type]  # passed on as it came
        gained.append(self.gained)
        return found

    Memory.runs = noted  # type: ignore[assignment,method-assign]  # only to be measured
    begun = time.process_time()
    kept = Cache(place) if place and look != "without" else None
    reader = readers[claim.reader]
    list(kept.runs(reader, claim) if kept else reader.read(claim))
    cpu = time.process_time() - begun
    size = claim.paths[0].stat().st_size
    return cpu, (sum(gained) if gained else size) / size


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "reading":
        print(json.dumps(reading(Path(sys.argv[2]), sys.argv[3])))
    else:
        main()
