"""A study of thousands of runs, judged by the command: what it writes, and what it takes."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

EPOCHS = 90


def study(folder: Path, runs: int) -> str:
    """Write and judge a study, and say in a sentence what that cost."""
    logs, written = folder / "logs", folder / "report"
    for number in range(runs):
        _write(logs / f"run-{number:04}", random.Random(number))
    judged = ["run", str(logs), "--fail-on", "never", "--no-cache", "--jobs", "1"]
    output = ["--format", "json,html", "--output", str(written)]
    command = [sys.executable, "-m", "advisor", *judged, *output]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{command} failed")
    size = {path.suffix: path.stat().st_size / 1e6 for path in written.iterdir()}
    return (
        f"{runs:,} runs: JSON {size['.json']:.1f} MB, page {size['.html']:.1f} MB, "
        f"{used.ru_utime + used.ru_stime:.1f} CPU s, at most {used.ru_maxrss / 1024:.0f} MB"
    )


def _write(home: Path, chance: random.Random) -> None:
    home.mkdir(parents=True)
    rate, batch = 10 ** chance.uniform(-4, -1), chance.choice((32, 64, 128))
    (home / "config.yaml").write_text(f"learning_rate: {rate:.4g}\nbatch_size: {batch}\n")
    (home / "metrics.csv").write_text("\n".join(_rows(rate, chance)) + "\n")


def _rows(rate: float, chance: random.Random) -> Iterator[str]:
    """Yield one epoch a row: a quarter of the runs overfits, a quarter ends in NaN."""
    yield "epoch,train/loss,val/loss,val/accuracy,lr"
    fate = chance.randrange(4)
    for epoch in range(1, EPOCHS + 1):
        train = 0.02 + 3.9 * math.exp(-epoch / 11) + abs(chance.gauss(0, 0.012))
        unseen = 1.21 + 2.9 * math.exp(-epoch / 8) + chance.gauss(0, 0.014)
        unseen += max(epoch - 31, 0) * 0.0105 if fate == 0 else 0.0
        if fate == 1 and epoch > 60:
            train = unseen = math.nan
        accuracy = 0.7 - 0.5 * math.exp(-epoch / 9) + chance.gauss(0, 0.005)
        yield f"{epoch},{train:.6g},{unseen:.6g},{accuracy:.6g},{rate:.6g}"
