"""Make the recorded examples again: ``python -m examples.train [RUN ...]``.

Every run of ``recorded/manifest.csv``, or those named, is trained with the seed given there and
replaces its folder under ``examples/recorded``. On one core all of them take about two minutes.
"""

import csv
import os
import re
import shutil
import socket
import sys
import time
from importlib import import_module
from pathlib import Path

RECORDED = Path(__file__).parent / "recorded"

MODULES = {
    "torch SummaryWriter": "summary_writer",
    "tensorboardX": "tensorboardx",
    "Lightning CSVLogger": "lightning_runs",
    "Lightning TensorBoardLogger": "lightning_runs",
    "Keras CSVLogger": "keras_runs",
    "Hugging Face Trainer": "huggingface",
    "plain CSV": "plain_csv",
}


def manifest() -> dict[str, tuple[str, int]]:
    """Return the logger and the seed of every recorded run, by its name."""
    with (RECORDED / "manifest.csv").open(newline="") as file:
        return {row["run"]: (row["logger"], int(row["seed"])) for row in csv.DictReader(file)}


def make(run: str, logger: str, seed: int) -> None:
    """Train ``run`` in the current directory, in place of an earlier one of that name."""
    module = import_module(f"examples.training.{MODULES[logger]}")
    shutil.rmtree(run, ignore_errors=True)
    module.RUNS[run](seed)
    hide_host(Path(run))


def hide_host(folder: Path) -> None:
    """Rename what loggers named after this machine: the host's name becomes ``example``."""
    named = re.compile(rf"(?<=[._]){re.escape(socket.gethostname())}(?![^.])")
    for path in sorted(folder.rglob("*"), reverse=True):  # what a folder holds before the folder
        path.rename(path.with_name(named.sub("example", path.name)))


def main(names: list[str]) -> int:
    """Make the runs called ``names``, or all; return 2 where a name is in no manifest row."""
    runs = manifest()
    unknown = sorted(set(names) - set(runs))
    if unknown:
        print(f"no such run: {', '.join(unknown)}; known: {', '.join(runs)}", file=sys.stderr)
        return 2
    os.chdir(RECORDED)  # loggers write the paths they are given into their files
    for run in names or runs:
        started = time.monotonic()
        make(run, *runs[run])
        print(f"{run}: {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
