"""How long sweeps take one by one and stacked, a range test, and a job to start.

    PYTHONPATH=.env-probe-peers .venv/bin/python -m benchmarks.probe.speed [DEVICE]

Each figure is the median of the ratios of pairs, taken in turn: on a CPU of processor time on
one thread, so that other work on the machine counts little, on a GPU of the clock. Writes
``results/speed-cpu.csv`` (or ``speed-cuda.csv``).
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

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
from advisor_probe.workbench.ranges import range_test
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject

from .rate_rules import LOWEST, silent
from .rows import add, order

MEMBERS, STEPS, PAIRS = 32, 10, 7
RANGE_STEPS, RANGE_PAIRS = 100, 15
BATCHES = 8


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
    """Measure all models, then the times to start a job."""
    torch.set_num_threads(1)
    print(f"torch {torch.__version__} on {named(device)}; {MEMBERS} rates, {STEPS} steps")
    name = f"speed-{torch.device(device).type}"
    order(name, ())
    for title in MODELS:
        row = {"name": title, "machine": named(device), **_sweeps(title, device)}
        row |= _range_tests(title, device)
        print(*(f"{key}: {value}" for key, value in row.items()), sep="; ", flush=True)
        add(name, row)
    _starts()


def _sweeps(title: str, device: str) -> dict[str, str]:
    """Return how many times as fast as one by one a sweep is stacked, and as it is chosen."""
    subject = _subject(title, device)
    members = [Member(rate=10 ** (k / 8 - 2)) for k in range(MEMBERS)]
    stacked, chosen, ways = [], [], []
    for _ in range(PAIRS):
        alone = _spent(Separate(subject, members, subject.optimizer, undropped), subject)
        stacked.append(alone / _spent(_stack(subject, members), subject))
        together = train_together(subject, members, subject.optimizer)
        ways.append(type(together).__name__.lower())
        chosen.append(alone / _spent(together, subject))
    return {
        "stacked": f"{statistics.median(stacked):.2f}",
        "as chosen": f"{statistics.median(chosen):.2f}",
        "chosen": statistics.mode(ways),
    }


def _stack(subject: Subject, members: list[Member]) -> Ensemble:
    return Stacked(subject, members, subject.optimizer, undropped)


def _spent(ensemble: Ensemble, subject: Subject) -> float:
    """Return the seconds of a sweep's steps."""
    batches = subject.train(STEPS)
    ensemble.step(batches[0])
    began = _now(subject.device)
    for batch in batches:
        ensemble.step(batch)
    return _now(subject.device) - began


def _range_tests(title: str, device: str) -> dict[str, str]:
    """Return the time of a step in relation to one of torch-lr-finder's range test.

    That of our range test, and of nothing but the training, which is the least that one can take.
    """
    ours, bare = [], []
    for _ in range(RANGE_PAIRS):
        theirs = _their_range_test(title, device)
        ours.append(_range_test(title, device) / theirs)
        bare.append(_bare_training(title, device) / theirs)
    return {
        "range test": f"{statistics.median(ours):.2f}",
        "bare training": f"{statistics.median(bare):.2f}",
    }


def _range_test(title: str, device: str) -> float:
    subject = _subject(title, device)
    began = _now(subject.device)
    rates, _ = range_test(subject, Record("rates", lambda _: None))
    return (_now(subject.device) - began) / len(rates)


def _bare_training(title: str, device: str) -> float:
    subject = _subject(title, device)
    model = subject.model()
    optimizer = subject.optimizer(model)
    batches = subject.train(RANGE_STEPS)
    began = _now(subject.device)
    for inputs, labels in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        loss.item()
        optimizer.step()
    return (_now(subject.device) - began) / RANGE_STEPS


def _their_range_test(title: str, device: str) -> float:
    from torch_lr_finder import LRFinder

    build, _, _ = MODELS[title]
    loader: Any = _loader(title)
    where = torch.device(device)
    with silent():
        began = _now(where)
        model = build().to(where)
        optimizer = torch.optim.SGD(model.parameters(), LOWEST, momentum=0.9)
        finder = LRFinder(model, optimizer, nn.CrossEntropyLoss(), device=device)
        finder.range_test(loader, num_iter=RANGE_STEPS)
        return (_now(where) - began) / len(finder.history["lr"])


def _subject(title: str, device: str) -> Subject:
    target = ProbeTarget(
        model=MODELS[title][0],
        loss=lambda m, b: F.cross_entropy(m(b[0]), b[1]),
        train=_loader(title),
        optimizer=lambda m: torch.optim.SGD(m.parameters(), 1e-2, momentum=0.9),
    )
    return Subject(target, device, 0)


def _loader(title: str) -> Any:
    _, shape, batch = MODELS[title]
    made = torch.Generator().manual_seed(0)
    inputs = torch.randn(BATCHES * batch, *shape, generator=made)
    labels = torch.randint(0, 10, (BATCHES * batch,), generator=made)
    return DataLoader(TensorDataset(inputs, labels), batch)


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


def _now(device: torch.device) -> float:
    """Return seconds: of the processor where it does the work, else of the clock."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        return time.perf_counter()
    return time.process_time()


def named(device: str) -> str:
    """Return the name of a device, as its maker calls it."""
    if "cuda" in device:
        return torch.cuda.get_device_name(device)
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "cpu")
