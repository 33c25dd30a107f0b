"""How long sweeps take one by one and stacked, and how long a job takes to start.

    .venv/bin/python -m benchmarks.probe.speed [DEVICE]

Ratios are of the least of three times, on one thread on a CPU. A machine that does other work
as well gives ratios that are too near to one.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import nn

from advisor_probe import ProbeTarget
from advisor_probe.isolation import Job, Limits, Server, watch
from advisor_probe.workbench.ensemble import (
    Ensemble,
    Member,
    Separate,
    Stacked,
    train_together,
    undropped,
)
from advisor_probe.workbench.subject import Subject

MEMBERS, STEPS, REPEATS = 32, 20, 3


def _mlp(width: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10)
    )


def _cnn() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * 49, 10),
    )  # fmt: skip


MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], int]] = {
    "MLP 64-64, batch 16": (lambda: _mlp(64), (64,), 16),
    "MLP 64-64, batch 64": (lambda: _mlp(64), (64,), 64),
    "MLP 256-256, batch 64": (lambda: _mlp(256), (64,), 64),
    "CNN 8-16, batch 16": (_cnn, (1, 28, 28), 16),
    "CNN 8-16, batch 64": (_cnn, (1, 28, 28), 64),
}


def main(device: str) -> None:
    """Print the ratios for all models, then the times to start a job."""
    torch.set_num_threads(1)
    print(f"torch {torch.__version__} on {_named(device)}; {MEMBERS} rates, {STEPS} steps")
    for name, (model, shape, batch) in MODELS.items():
        subject = _subject(model, shape, batch, device)
        members = [Member(rate=10 ** (k / 8 - 2)) for k in range(MEMBERS)]
        spent = {way: _spent(subject, members, way) for way in (Separate, Stacked)}
        chosen = type(train_together(subject, members, subject.optimizer)).__name__
        ratio = spent[Separate] / spent[Stacked]
        print(f"{name:24} one by one {spent[Separate]:7.3f} s   stacked {ratio:5.2f} times as fast"
              f"   chosen: {chosen.lower()}")  # fmt: skip
    _starts()


def _subject(
    model: Callable[[], nn.Module], shape: tuple[int, ...], batch: int, device: str
) -> Subject:
    data = [(torch.randn(batch, *shape), torch.randint(0, 10, (batch,))) for _ in range(4)]
    target = ProbeTarget(
        model=model,
        loss=lambda m, b: F.cross_entropy(m(b[0]), b[1]),
        train=data,
        optimizer=lambda m: torch.optim.SGD(m.parameters(), 1e-2, momentum=0.9),
    )
    return Subject(target, device, 0)


def _spent(subject: Subject, members: list[Member], way: type[Separate | Stacked]) -> float:
    """Return the seconds of a sweep: the least of some."""
    batches = subject.train(STEPS)
    times = []
    for _ in range(REPEATS):
        ensemble: Ensemble = way(subject, members, subject.optimizer, undropped)
        ensemble.step(batches[0])
        _wait(subject.device)
        began = time.perf_counter()
        for batch in batches:
            ensemble.step(batch)
        _wait(subject.device)
        times.append(time.perf_counter() - began)
    return min(times)


def _starts() -> None:
    """Print how long the first job takes to start and end, and later ones."""
    times = []
    began = time.perf_counter()
    with Server() as server:
        for _ in range(6):
            watch(server.start(Job(target="os:nothing", probe="none")), Limits(), lambda _: None)
            times.append(time.perf_counter() - began)
            began = time.perf_counter()
    print(f"a job starts and ends in {times[0]:.2f} s cold, in {min(times[1:]):.4f} s warm")


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _named(device: str) -> str:
    return torch.cuda.get_device_name(device) if "cuda" in device else platform.processor() or "CPU"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "cpu")
