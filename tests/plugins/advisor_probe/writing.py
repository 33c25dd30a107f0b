"""Run directories and targets as a probe meets them."""

from __future__ import annotations

from pathlib import Path

from advisor_probe import rundir
from advisor_probe.results import Points, Ran, Results


def results(**series: tuple[float, ...]) -> Results:
    """Make results with curves by name, ``__`` standing for the slash."""
    points = {
        name.replace("__", "/"): Points(steps=tuple(range(len(values))), values=values)
        for name, values in series.items()
    }
    ran = tuple(Ran(name=tag.partition("/")[0], outcome="done") for tag in points)
    return Results(target="t.py:target", probes=ran, facts={"one-step.lr": 0.1}, series=points)


def probe_samples(folder: Path) -> None:
    """Write two run directories: one of 10 + 1 values, one of 2."""
    first = results(initial__loss=tuple(0.1 * i for i in range(10)), initial__ratio=(float("inf"),))
    for name, held in (("first", first), ("second", results(inputs__rms=(1.0, 2.0)))):
        rundir.prepare(folder / name)
        rundir.save(folder / name, held)
    (folder / "first" / f"events.out.tfevents.1.host.2{rundir.SUFFIX}").write_bytes(b"")


TARGET = """
import torch
from torch import nn
from torch.nn import functional as F

from advisor_probe import ProbeTarget

torch.set_num_threads(1)


def data(count=128, features=8, classes=4, seed=0):
    made = torch.Generator().manual_seed(seed)
    inputs = torch.randn(count, features, generator=made)
    weights = torch.randn(features, classes, generator=torch.Generator().manual_seed(9))
    return inputs, (inputs @ weights).argmax(1)


def batches(**kinds):
    inputs, labels = data(**kinds)
    return list(zip(inputs.split(16), labels.split(16)))


def net():
    return nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))


def loss(model, batch):
    return F.cross_entropy(model(batch[0]), batch[1])


def target(**changes):
    parts = dict(
        model=net,
        loss=loss,
        train=batches(),
        val=batches(seed=1),
        optimizer=lambda model: torch.optim.Adam(model.parameters(), 1e-2),
    )
    return ProbeTarget(**{**parts, **changes})
"""
"""The beginning of every program that is probed in these tests."""


def program(folder: Path, body: str, name: str = "program") -> str:
    """Write a program with a function ``made`` that returns a target, and return how to name it."""
    path = folder / f"{name}.py"
    path.write_text(TARGET + "\n\n" + body, encoding="utf-8")
    return f"{path}:made"
