"""What a look of `advisor watch` costs where one of many runs grew, beside the first look.

    python benchmarks/watching.py           200 runs, 10,000 values each; event files and CSV
    python benchmarks/watching.py --quick   a tenth of the values

CPU seconds of this process, in which all of it happens (`jobs` is 1, no cache on disk): the first
look, one where nothing changed, and the median of those at which one run, another each time, had
grown by a hundredth. What each says must be what a first look at the same logs says.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from growth import SHARE, write_events

from advisor.engine import Analysis, Request
from advisor.manager import load_plugins
from advisor.settings import Settings
from advisor.watch import Looker

RUNS = 200
LOOKS = 5


def write_table(path: Path, values: int) -> None:
    """Write a table as Lightning's CSVLogger does: a step, an epoch and five metrics a row."""
    names = ("train/loss", "val/loss", "train/acc", "val/acc", "lr")
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.write(f"epoch,step,{','.join(names)}\n")
        for step in range(values // len(names)):
            row = (f"{1 / (1 + step / 100 + column):.6f}" for column in range(len(names)))
            file.write(f"{step // 100},{step},{','.join(row)}\n")


KINDS: dict[str, tuple[str, Callable[[Path, int], None]]] = {
    "event files": ("events.out.tfevents.1700000000.host", write_events),
    "CSV": ("metrics.csv", write_table),
}


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the values")
    values = 1_000 if parser.parse_args().quick else 10_000
    heads = "logs | first look, CPU s | nothing changed | one run grew | share"
    print(f"| {heads} |\n{'|---' * 5}|")
    for kind, (name, write) in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            first, idle, grown = _looks(Path(folder), name, write, values)
        title = f"{RUNS} runs, {values:,} values each, {kind}"
        costs = f"{first:.2f} | {idle:.3f} | {grown:.3f} | {grown / first:.1%}"
        print(f"| {title} | {costs} |", flush=True)


def _looks(
    folder: Path, name: str, write: Callable[[Path, int], None], values: int
) -> tuple[float, float, float]:
    write(folder / "whole", values)
    data = (folder / "whole").read_bytes()
    logs = folder / "logs"
    for index in range(RUNS):
        (logs / f"run-{index:03}").mkdir(parents=True)
        (logs / f"run-{index:03}" / name).write_bytes(data[: len(data) - len(data) // SHARE])
    looker = _looker(logs)
    first, _ = _look(looker)
    idle, nothing = _look(looker)
    assert nothing is None  # noqa: S101  # or the figure is of something else
    return first, idle, median(_growing(looker, logs, name, data))


def _growing(looker: Looker, logs: Path, name: str, data: bytes) -> Iterator[float]:
    for index in range(LOOKS):
        (logs / f"run-{index:03}" / name).write_bytes(data)
        cost, found = _look(looker)
        yield cost
    whole = _look(_looker(logs))[1]
    if not found or not whole or found.report.to_json() != whole.report.to_json():
        raise SystemExit(f"the report on {logs} is another than that of a first look")


def _looker(logs: Path) -> Looker:
    return Looker(Request((logs,)), Settings(cache=False, jobs=1), load_plugins())


def _look(looker: Looker) -> tuple[float, Analysis | None]:
    begun = time.process_time()
    found = looker.look()
    return time.process_time() - begun, found


if __name__ == "__main__":
    main()
