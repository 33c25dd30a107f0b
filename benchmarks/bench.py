"""Compare what it costs to read TensorBoard logs, in CPU time and memory of whole processes.

    make bench                 every set, three times each: about half an hour
    make bench ARGS=--quick    sets a tenth of the size, once: two minutes

CPU time is user and system time of a process and of all that it starts, imports included: it
hardly depends on what else a machine does, unlike the time on the wall. Methods take turns on
each set. Only medians are shown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median

from sets import LogSet, simple_value, tensor_content

METHODS = Path(__file__).with_name("methods.py")
PEERS = ("tensorboard", "tensorboard-data-server", "tbparse", "google-crc32c", "numpy", "protobuf")
SETS = (
    LogSet("a", "as torch writes", 1, 20, 50_000, simple_value),
    LogSet("b", "as TensorFlow 2 writes", 1, 20, 50_000, tensor_content),
    LogSet("c", "as torch writes", 200, 20, 500, simple_value),
    LogSet("d", "with pictures of 80 kB", 1, 20, 10_000, simple_value, pictures=500),
)
MANY = LogSet("e", "as torch writes", 1000, 20, 500, simple_value)
READERS = (
    "read_and_check", "advisor_columns", "advisor_unchecked", "advisor_runs", "advisor_rules",
    "advisor_command", "data_server", "event_accumulator", "tbparse",
)  # fmt: skip
SLOWEST = 5
"""How many rules are named that cost most."""
ON_MANY = ("advisor_command", "event_accumulator")


@dataclass(frozen=True)
class Cost:
    """What one process cost."""

    cpu: float
    """Seconds, user and system, imports and children included."""
    inside: float
    """CPU seconds of the reading alone."""
    memory: float
    """Peak resident memory in MB (2**20 bytes)."""
    points: int
    rules: dict[str, float]
    """CPU seconds of each rule, where rules were asked."""


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sets, each method once")
    parser.add_argument("--sets", default="abcde", help="which sets, such as ac")
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each method")
    parser.add_argument("--folder", type=Path, default=Path("build/bench"), help="where sets go")
    given = parser.parse_args()
    plans = [(s, READERS) for s in SETS] + [(MANY, ON_MANY)]
    print(_versions())
    print(
        f"\n| set | method | CPU s | against advisor | reading alone, s | peak MB |\n{'|---' * 6}|"
    )
    said = [""]
    for logs, methods in plans:
        if logs.name in given.sets:
            found = _measure(_smaller(logs) if given.quick else logs, methods, given)
            said += _on_rules(logs, found)
    print(*said, sep="\n")


def _measure(logs: LogSet, methods: tuple[str, ...], given: argparse.Namespace) -> dict[str, Cost]:
    folder = logs.write(given.folder)
    repeat = 1 if given.quick else given.repeat
    costs: dict[str, list[Cost]] = {method: [] for method in methods}
    for _ in range(repeat):
        for method in methods:
            costs[method].append(_run(method, folder))
            _check(logs, method, costs[method][-1])
    medians = {method: _median(found) for method, found in costs.items()}
    for row in _rows(logs, medians):
        print(row, flush=True)
    return medians


def _run(method: str, folder: Path) -> Cost:
    """Run one method in a process of its own."""
    command = [sys.executable, str(METHODS), method, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{method} failed on {folder}")
    answer = json.loads(said.splitlines()[-1])
    cpu = used.ru_utime + used.ru_stime
    return Cost(cpu, answer["cpu"], used.ru_maxrss / 1024, answer["points"], answer["rules"])


def _check(logs: LogSet, method: str, cost: Cost) -> None:
    if method != "read_and_check" and cost.points != logs.points:
        raise SystemExit(f"{method} read {cost.points:,} of {logs.points:,} points of {logs.name}")


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        median(cost.cpu for cost in costs),
        median(cost.inside for cost in costs),
        median(cost.memory for cost in costs),
        costs[0].points,
        {rule: median(cost.rules[rule] for cost in costs) for rule in costs[0].rules},
    )


def _on_rules(logs: LogSet, costs: dict[str, Cost]) -> Iterator[str]:
    """Say what the rules cost against reading with EventAccumulator, and which cost most."""
    if "advisor_rules" not in costs:
        return
    rules, peer = costs["advisor_rules"].rules, costs["event_accumulator"].cpu
    spent = sum(rules.values())
    slowest = sorted(rules, key=lambda rule: -rules[rule])[:SLOWEST]
    each = ", ".join(f"{rule} {1000 * rules[rule] / logs.runs:.2f}" for rule in slowest)
    yield f"Set {logs.name}: {len(rules)} rules took {spent:.2f} s, 1/{peer / spent:.0f} of "
    yield f"EventAccumulator; the slowest, in ms a run: {each}."


def _rows(logs: LogSet, costs: dict[str, Cost]) -> Iterator[str]:
    own = costs["advisor_columns" if "advisor_columns" in costs else "advisor_command"]
    shape = f"{logs.runs} x {logs.tags} tags x {logs.steps:,} steps"
    name = f"{logs.name}: {shape}, {logs.words}"
    for method, cost in costs.items():
        ratio = f"{cost.cpu / own.cpu:.2f}"
        figures = f"{cost.cpu:.2f} | {ratio} | {cost.inside:.3f} | {cost.memory:.0f}"
        yield f"| {name} | {method.replace('_', ' ')} | {figures} |"
        name = ""


def _smaller(logs: LogSet) -> LogSet:
    if logs.runs > 1:
        return replace(logs, runs=logs.runs // 10)
    return replace(logs, steps=logs.steps // 10, pictures=logs.pictures // 10)


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PEERS)
    return f"Python {sys.version.split()[0]}, {packages}"


if __name__ == "__main__":
    main()
