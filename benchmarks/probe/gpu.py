"""What the probe takes on a GPU: sweeps, the battery in its children, and too little memory.

    PYTHONPATH=.env-probe-peers .venv/bin/python -m benchmarks.probe.gpu [--device cuda:0]

Without a GPU it measures the CPU, and says so; every row holds the device's name. Writes
``results/speed-cuda.csv`` (``benchmarks.probe.speed``) and ``results/battery-cuda.csv``, or those
of the CPU. The figures are of the clock: leave the machine alone meanwhile.
"""

from __future__ import annotations

import argparse
import importlib.util
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import nn

from advisor.finding import Change
from advisor.prober import ProbeRequest, VerifyRequest
from advisor.testing.reports import small_report
from advisor_probe import ProbeTarget
from advisor_probe.catalogue import PROBES
from advisor_probe.isolation import Job, Limits
from advisor_probe.prober import TorchProber
from advisor_probe.results import FILE, Results
from advisor_probe.trials import carried_here

from . import speed
from .rows import add, order

BATCH, BATCHES, CLASSES, SIDE = 64, 16, 10, 16
FITS = 16
"""Samples of a batch that the greedy program has memory for."""


def target() -> ProbeTarget:
    """Return a program of convolutions: ``advisor probe benchmarks.probe.gpu:target``."""
    return ProbeTarget(
        model=lambda s: _net(s["width"]),
        loss=lambda model, batch: F.cross_entropy(model(batch[0]), batch[1]),
        train=_images(0),
        val=_images(1),
        optimizer=lambda model, s: torch.optim.SGD(model.parameters(), s["lr"], momentum=0.9),
        settings={"width": 16, "lr": 1e-4},
    )


def greedy() -> ProbeTarget:
    """Return the program with a loss that runs out of memory beyond a few samples."""

    def loss(model: nn.Module, batch: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        if len(batch[0]) > FITS:
            torch.empty(1 << 50, dtype=torch.uint8, device=batch[0].device)
        return F.cross_entropy(model(batch[0]), batch[1])

    return ProbeTarget(model=lambda: _net(8), loss=loss, train=_images(0))


def _net(width: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(width, 2 * width, 3, padding=1), nn.BatchNorm2d(2 * width), nn.ReLU(),
        nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(8 * width, CLASSES),
    )  # fmt: skip


def _images(seed: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return noisy images of ten patterns."""
    patterns = torch.randn(CLASSES, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(9))
    made = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, CLASSES, (BATCH * BATCHES,), generator=made)
    images = patterns[labels] + 3 * torch.randn(len(labels), 3, SIDE, SIDE, generator=made)
    return list(zip(images.split(BATCH), labels.split(BATCH), strict=True))


def main(device: str, probes: Sequence[str], steps: int) -> None:
    """Measure all of it on a device."""
    kind = torch.device(device).type
    if kind == "cpu":
        print("there is no GPU here, or another device was asked for: this measures the CPU")
    if importlib.util.find_spec("torch_lr_finder") is None:
        print("torch-lr-finder is missing (benchmarks/probe/peers.txt): no sweeps are measured")
    else:
        speed.main(device)
    order(f"battery-{kind}", ())
    for name, seconds, what in _measured(device, probes, steps):
        row = {"name": name, "machine": speed.named(device), "seconds": f"{seconds:.3f}"}
        add(f"battery-{kind}", row | {"what": what})
        print(f"{name:16} {seconds:8.3f} s  {what}", flush=True)


def _measured(device: str, probes: Sequence[str], steps: int) -> Iterator[tuple[str, float, str]]:
    """Yield what is measured, how many seconds it took, and what came of it."""
    yield from _battery(device, probes)
    yield _shrunk(device)
    yield _verified(device, steps)


def _battery(device: str, probes: Sequence[str]) -> Iterator[tuple[str, float, str]]:
    """Yield the seconds of each probe in a child of its own: the start on the device counts."""
    spec = _spec("target")
    jobs = [Job(target=spec, describe=True, device=device) for _ in range(2)]
    names = ["start, cold", "start, warm", *probes]
    jobs += [Job(target=spec, probe=probe, device=device) for probe in probes]
    with carried_here(Limits(seconds=600)) as carry:
        began = time.perf_counter()
        for name, trial in zip(names, carry(jobs), strict=True):
            yield name, time.perf_counter() - began, f"{trial.ending.how} {trial.ending.text}"
            began = time.perf_counter()


def _shrunk(device: str) -> tuple[str, float, str]:
    """Return how long it takes to find the batch that memory suffices for, and which that is."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        request = ProbeRequest(_spec("greedy"), Path(folder), only=("one-step",), device=device)
        prober = TorchProber()
        prober.run(request, prober.plan(request), lambda _: None)
        results = Results.model_validate_json((Path(folder) / FILE).read_bytes())
    told = f"batches of {BATCH} cut to {results.facts['one-step.batch_size']}"
    return "too little memory", time.perf_counter() - began, told


def _verified(device: str, steps: int) -> tuple[str, float, str]:
    """Return how long a verification of ten times the learning rate takes, and what it says."""
    report = small_report()
    change = Change.model_validate({"parameter": "learning_rate", "to": 1e-3, "direction": "up"})
    finding = report.findings[0].model_copy(update={"changes": (change,)})
    proposing = report.model_copy(update={"findings": (finding,), "diagnoses": ()})
    began = time.perf_counter()
    request = VerifyRequest(_spec("target"), training=steps, device=device)
    (told,) = TorchProber().verify(request, proposing, lambda _: None)
    return "verification", time.perf_counter() - began, told.message.text


def _spec(name: str) -> str:
    return f"benchmarks.probe.gpu:{name}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.probe.gpu", description=__doc__)
    found = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--device", default=found, help="default: a GPU if any")
    known = [probe.name for probe in PROBES]
    parser.add_argument("--only", nargs="*", choices=known, default=known, metavar="PROBE")
    parser.add_argument("--steps", type=int, default=200, help="of each training to verify by")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = _options()
    main(chosen.device, chosen.only, chosen.steps)
