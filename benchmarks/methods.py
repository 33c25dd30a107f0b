"""The ways of reading a set of logs, each in a process of its own.

    python benchmarks/methods.py METHOD FOLDER

prints the number of points that came out, and the CPU seconds of the reading alone, without
the imports. ``bench.py`` starts this and measures the whole process from outside.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

SPENT: dict[str, float] = {}
"""CPU seconds of each rule, where rules were asked."""
POLL = 0.02
"""Seconds between two questions whether the data server has loaded everything."""


class Spent:
    """Adds up what the rules cost on one run: each from when it is asked until the next one is."""

    def __init__(self, rules: Iterable[Any]) -> None:
        names = [rule.name for rule in rules]
        SPENT.update({name: 0.0 for name in names if name not in SPENT})
        self._rule, self._begun = names[0], time.process_time()

    def on(self, rule: str) -> None:
        """Begin to count for a rule."""
        now = time.process_time()
        SPENT[self._rule] += now - self._begun
        self._rule, self._begun = rule, now

    def end(self) -> None:
        """Count for the last one."""
        self.on(self._rule)


def read_and_check(folder: Path) -> Callable[[], int]:
    """Read all bytes and compute one CRC-32C of each file in C: what no reader can go below."""
    import google_crc32c

    def read() -> int:
        for file in event_files(folder):
            google_crc32c.value(file.read_bytes())
        return 0

    return read


def advisor_columns(folder: Path) -> Callable[[], int]:
    """Decode every file into arrays, all checksums checked."""
    from advisor_tensorboard.decode import decode

    def read() -> int:
        held = [decode(file) for file in event_files(folder)]
        return sum(len(c.values) for file in held for c in file.columns.values())

    return read


def advisor_unchecked(folder: Path) -> Callable[[], int]:
    """Decode as ``advisor_columns`` does, with the checksums of payloads taken as right."""
    import numpy as np

    from advisor_tensorboard import heads, tails

    def none(_walls: Any, rest: Any, _lengths: Any) -> Any:
        return np.zeros(len(rest), dtype=np.uint32)

    def stored(self: Any, _length: int, group: Any) -> Any:
        return self._stored[group.rows]

    for module, name, cheap in ((heads, "_remainders", none), (tails._Pass, "_sums", stored)):
        setattr(module, name, cheap)  # only to be measured
    return advisor_columns(folder)


def advisor_runs(folder: Path) -> Callable[[], int]:
    """Claim the files and read them into runs, as the command does."""
    from dataclasses import replace

    from advisor.reader import Claim
    from advisor.walk import walk
    from advisor_tensorboard.reader import TensorBoardReader

    def read() -> int:
        reader, listing = TensorBoardReader(), walk(folder)
        found = [c for c in reader.claim(listing) if isinstance(c, Claim)]
        claims = [replace(claim, base=listing.base) for claim in found]
        return sum(run.points for claim in claims for run in reader.read(claim))

    return read


def advisor_command(folder: Path) -> Callable[[], int]:
    """Run the command in one process: read, judge by every rule, and write the report (JSON)."""
    from advisor.cli import main

    def read() -> int:
        with tempfile.TemporaryDirectory() as out:
            arguments = ["--format", "json", "--output", out, "--jobs", "1"]
            main(["run", str(folder), "--no-cache", "--fail-on", "never", *arguments])
            report = (Path(out) / "advisor-report.json").read_text()
        # Not parsed: that would be a part of what is measured.
        return sum(map(int, re.findall(r'^   "points": (\d+)', report, re.MULTILINE)))

    return read


def advisor_rules(folder: Path) -> Callable[[], int]:
    """Read the files into runs and ask every rule about each, with the time that each rule takes.

    They are asked as the command asks them. What rules share, such as a smoothed curve, costs the
    first that asks for it; to see that a rule has nothing to look at costs the one before it.
    """
    from advisor.claims import Filters, find_tasks
    from advisor.judging.judge import judge
    from advisor.manager import load_plugins
    from advisor.rule import Rule
    from advisor.selection import select_rules
    from advisor.settings import Settings
    from advisor.understand import understand
    from advisor.view import Judged

    def read() -> int:
        plugins = load_plugins(())
        chosen = select_rules(plugins.rules, Settings())
        rules = [rule for rule in chosen if isinstance(rule, Rule)]
        tasks = find_tasks((folder,), plugins.readers.values(), Filters()).tasks
        count = 0
        for task in tasks:
            for run in plugins.readers[task.claim.reader].read(task.claim):
                judged, spent = Judged(run, understand(run)), Spent(rules)
                judge(judged, rules, seconds=60, started=spent.on, failed={})
                spent.end()
                count += run.points
        return count

    return read


def event_accumulator(folder: Path) -> Callable[[], int]:
    """Read with TensorBoard's own reader in Python, keeping every point."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    def read() -> int:
        count = 0
        for file in event_files(folder):
            held = EventAccumulator(str(file), {"scalars": 0, "tensors": 0, "images": 1})
            held.Reload()
            tags = held.Tags()
            count += sum(len(held.Scalars(tag)) for tag in tags["scalars"])
            count += sum(len(held.Tensors(tag)) for tag in tags["tensors"])
        return count

    return read


def tbparse(folder: Path) -> Callable[[], int]:
    """Read into a pandas table."""
    import tbparse as package

    def read() -> int:
        held = package.SummaryReader(str(folder), event_types={"scalars", "tensors"})
        return len(held.scalars) + len(held.tensors)

    return read


def data_server(folder: Path) -> Callable[[], int]:
    """Start TensorBoard's data server (Rust), let it load, and fetch all points as arrays."""
    import grpc
    import numpy as np
    from tensorboard.data.proto import data_provider_pb2 as proto
    from tensorboard.data.proto.data_provider_pb2_grpc import TensorBoardDataProviderStub
    from tensorboard_data_server import server_binary

    def read() -> int:
        with tempfile.TemporaryDirectory() as out:
            server, port = _started(server_binary(), folder, Path(out) / "port")
        options = [("grpc.max_receive_message_length", 1 << 30)]
        stub = TensorBoardDataProviderStub(
            grpc.insecure_channel(f"localhost:{port}", options=options)
        )
        _wait_until_loaded(stub, proto)
        request = proto.ReadScalarsRequest(
            experiment_id="x",
            plugin_filter=proto.PluginFilter(plugin_name="scalars"),
            downsample=proto.Downsample(num_points=1 << 30),
        )
        count = 0
        for run in stub.ReadScalars(request).runs:
            for tag in run.tags:
                columns = (tag.data.step, tag.data.wall_time, tag.data.value)
                steps, _, _ = map(np.array, columns)
                count += len(steps)
        server.communicate()  # it ends with its input
        return count

    return read


def _started(binary: str, folder: Path, port: Path) -> tuple[subprocess.Popen[bytes], str]:
    flags = ["--samples-per-plugin=scalars=all", "--reload=once", "--port=0", "--die-after-stdin"]
    command = [binary, f"--logdir={folder}", f"--port-file={port}", *flags]
    server = subprocess.Popen(command, stdin=subprocess.PIPE)
    while not (port.exists() and port.read_text().endswith("\n")):
        time.sleep(POLL)
    return server, port.read_text().strip()


def _wait_until_loaded(stub: Any, proto: Any) -> None:
    """Ask for the last steps until they stay as they are for a while."""
    request = proto.ListScalarsRequest(
        experiment_id="x", plugin_filter=proto.PluginFilter(plugin_name="scalars")
    )
    before, same = "", 0
    while same < 10:
        time.sleep(POLL)
        now = str(
            [
                (run.run_name, tag.metadata.max_step)
                for run in stub.ListScalars(request).runs
                for tag in run.tags
            ]
        )
        same = same + 1 if now == before and now != "[]" else 0
        before = now


def event_files(folder: Path) -> list[Path]:
    """Return the event files below a folder, sorted."""
    return sorted(folder.rglob("*tfevents*"))


METHODS = {
    method.__name__: method
    for method in (
        read_and_check, advisor_columns, advisor_unchecked, advisor_runs, advisor_rules,
        advisor_command, event_accumulator, tbparse, data_server,
    )
}  # fmt: skip

if __name__ == "__main__":
    read = METHODS[sys.argv[1]](Path(sys.argv[2]))
    begun = time.process_time()
    found = read()
    sys.stderr.flush()
    spent = time.process_time() - begun
    print(json.dumps({"points": found, "cpu": spent, "rules": SPENT}))
