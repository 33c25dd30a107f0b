"""Logs with a real W&B client, of whatever age, and writes down what it logged.

Run in a process of its own: `python client.py SCENARIO FOLDER`. Beside the client it needs the
standard library and numpy.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

LIMITS = [math.nan, math.inf, -math.inf, 0.0, 1 / 3, -2.5e-30, 1e300]
CONFIG = {
    "lr": 3e-4,
    "epochs": 5,
    "optimizer": {"name": "adam", "betas": [0.9, 0.999], "amsgrad": False},
    "scheduler": None,
    "clip": math.inf,
}


class Recorder:
    """Logs, and keeps what was logged by tag: pairs of a step and a value as text."""

    def __init__(self, run: Any) -> None:
        self.run = run
        self.logged: dict[str, list[list[Any]]] = {}

    def log(self, step: int, values: dict[str, Any], **more: Any) -> None:
        self.run.log({**values, **more}, step=step)
        for tag, value in flat(values):
            self.logged.setdefault(tag, []).append([step, repr(float(value))])


def flat(values: dict[str, Any], above: str = "") -> Any:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def mixed(start: Any, folder: Path) -> None:
    """Numbers of all kinds beside everything that is none."""
    import numpy as np
    import wandb

    recorder = Recorder(start("mixed", config=CONFIG))
    recorder.run.define_metric("val/*", step_metric="epoch")
    recorder.run.config.update({"added": 7})
    for step in range(40):
        table = wandb.Table(columns=["a"], data=[[step]])
        histogram = wandb.Histogram(np_histogram=(np.array([1, step]), np.arange(3.0)))
        recorder.log(
            step,
            {
                "train/loss": 1 / (1 + step),
                "nested": {"a": {"b": step}, "c": LIMITS[step % len(LIMITS)]},
                "Verlust (ü)": LIMITS[step % len(LIMITS)],
                "float32": np.float32(0.1) * step,
                "whole": 2**60 + step,
            },
            text="abc",
            flag=True,
            none=None,
            list=[1, 2],
            hist=histogram,
            **({"table": table} if step == 20 else {}),
        )
        if step % 10 == 9:
            recorder.log(step, {"val/acc": step / 40, "epoch": step // 10})
    recorder.log(1000, {"late": 1})
    done(recorder, folder)


def long(start: Any, folder: Path) -> None:
    """So many rows that records cross blocks, some of them longer than a block."""
    recorder = Recorder(start("long"))
    for step in range(3000):
        text = {"text": "x" * 50_000} if step % 1000 == 500 else {}
        recorder.log(step, {"loss": math.exp(-step / 1000), "lr": 1e-3}, **text)
    done(recorder, folder)


def resumed(start: Any, folder: Path) -> None:
    """One run in two parts, the second from two steps before the end of the first."""
    first = Recorder(start("resumed", config={"lr": 0.1}))
    for step in range(10):
        first.log(step, {"loss": 10.0 - step})
    first.run.finish()
    second = Recorder(start("resumed", config={"lr": 0.05}, resume="allow"))
    for step in range(8, 20):
        second.log(step, {"loss": 100.0 - step})
    second.logged["loss"] = first.logged["loss"] + second.logged["loss"]
    done(second, folder)


def killed(start: Any, folder: Path) -> None:
    """A run whose process is killed while it logs."""
    recorder = Recorder(start("killed"))
    for step in range(3000):
        recorder.log(step, {"loss": 1 / (1 + step), "lr": 1e-3})
    write(recorder, folder)
    time.sleep(1)  # for the client's own process to write most of it
    os.kill(os.getpid(), signal.SIGKILL)


def silent(start: Any, folder: Path) -> None:
    """A run that ends before it logs anything."""
    done(Recorder(start("silent", config=CONFIG)), folder)


def done(recorder: Recorder, folder: Path) -> None:
    recorder.run.finish()
    write(recorder, folder)


def write(recorder: Recorder, folder: Path) -> None:
    (folder / "logged.json").write_text(json.dumps(recorder.logged))


def main() -> None:
    import wandb

    folder = Path(sys.argv[2])

    def start(name: str, **more: Any) -> Any:
        return wandb.init(project="test", dir=str(folder), id=name, name=name, **more)

    {f.__name__: f for f in (mixed, long, resumed, killed, silent)}[sys.argv[1]](start, folder)


if __name__ == "__main__":
    main()
