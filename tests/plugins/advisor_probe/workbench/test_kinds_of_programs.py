"""Mixed precision, several inputs, batches of any form, accumulation: probed, or said why not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from advisor.prober import ProbeRequest
from advisor_probe.catalogue import PROBES
from advisor_probe.collected import Collected
from advisor_probe.results import Results, to_run
from tests.plugins.advisor_probe.probing import found, parts, target

pytestmark = pytest.mark.needs("torch")

SHORT = tuple(probe.name for probe in PROBES if probe.steps < 800)
BY_THE_CLOCK = "batch-for-throughput"
"""What holds for all models that are so small, on most machines."""


def measured(made: Any, probes: tuple[str, ...] = SHORT) -> Results:
    """Let probes measure a target as a child would: what it raises is how a probe ended."""
    from advisor_probe.isolation.job import Job
    from advisor_probe.workbench.work import attempted

    collected = Collected(ProbeRequest("here", Path()))
    for probe in probes:
        job = Job(probe=probe, device="cpu")
        ending = attempted(job, lambda message: collected.hear(json.loads(message)), lambda: made)
        collected.ended(probe, ending.how.value, ending.text)
    return collected.results()


class Pair(NamedTuple):
    inputs: Any
    labels: Any


@dataclasses.dataclass
class Sample:
    inputs: Any
    labels: Any


def loaded() -> Any:
    return parts()["batches"](count=512)


def in_half(model: Any, batch: Any) -> Any:
    torch = parts()["torch"]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return parts()["loss"](model, batch)


def scaled_step(model: Any, optimizer: Any, batch: Any) -> float:
    """Step as mixed precision does, with a scaler that does nothing on a CPU."""
    torch = parts()["torch"]
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    optimizer.zero_grad()
    loss = in_half(model, batch)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1e3)
    scaler.step(optimizer)
    scaler.update()
    return float(loss.detach())


def accumulated(model: Any, optimizer: Any, batch: Any) -> float:
    optimizer.zero_grad()
    total = 0.0
    for part in zip(batch[0].chunk(4), batch[1].chunk(4), strict=True):
        loss = parts()["loss"](model, part) / 4
        loss.backward()
        total += float(loss.detach())
    optimizer.step()
    return total


class Accumulating:
    """Steps the optimizer at every fourth batch only."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, model: Any, optimizer: Any, batch: Any) -> float:
        loss = parts()["loss"](model, batch)
        (loss / 4).backward()
        self._count += 1
        if self._count % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
        return float(loss.detach())


def two_inputs() -> Any:
    nn, functional = parts()["nn"], parts()["F"]

    class Two(nn.Module):  # type: ignore[misc,name-defined]  # torch loads in the test only
        def __init__(self) -> None:
            super().__init__()
            self.left, self.right = nn.Linear(5, 16), nn.Linear(3, 16)
            self.last = nn.Linear(16, 4)

        def forward(self, left: Any, right: Any) -> Any:
            return self.last((self.left(left) + self.right(right)).relu())

    def halved(some: Any) -> Any:
        return [((x[:, :5], x[:, 5:]), y) for x, y in some]

    return target(
        model=Two,
        loss=lambda model, batch: functional.cross_entropy(model(*batch[0]), batch[1]),
        train=halved(loaded()),
        val=halved(parts()["batches"](seed=1)),
    )


def named(made: Any, get: Any) -> Any:
    """Return a target whose batches are of another form."""
    functional = parts()["F"]
    return target(
        loss=lambda model, b: functional.cross_entropy(model(get(b, "inputs")), get(b, "labels")),
        train=[made(inputs=x, labels=y) for x, y in loaded()],
        val=[made(inputs=x, labels=y) for x, y in parts()["batches"](seed=1)],
    )


KINDS: dict[str, Callable[[], Any]] = {
    "bfloat16": lambda: target(train=loaded(), loss=in_half),
    "bfloat16 with a scaler": lambda: target(train=loaded(), loss=in_half, step=scaled_step),
    "accumulation in a step": lambda: target(train=loaded(), step=accumulated),
    "accumulation over steps": lambda: target(train=loaded(), step=Accumulating()),
    "two inputs": two_inputs,
    "mappings": lambda: named(dict, lambda batch, key: batch[key]),
    "named tuples": lambda: named(Pair, getattr),
    "dataclasses": lambda: named(Sample, getattr),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_program_in_order_is_measured_by_each_probe_or_it_is_said_why_not(kind: str) -> None:
    results = measured(KINDS[kind]())
    assert {ran.outcome for ran in results.probes} <= {"done", "skipped"}
    assert all(ran.text for ran in results.probes if ran.outcome == "skipped")
    silent = {ran.name for ran in results.probes if ran.outcome == "done"}
    assert silent <= {tag.partition("/")[0] for tag in results.series}
    assert found(to_run(results, "probe")) <= {BY_THE_CLOCK}


SKIPPED = {"evaluation", "dropout-places"}
"""Probes that none of these programs has anything for."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("bfloat16")])
def test_in_full_precision_nothing_is_left_out(kind: str) -> None:
    results = measured(KINDS[kind]())
    assert {ran.name for ran in results.probes if ran.outcome == "skipped"} == SKIPPED


def test_a_loss_in_half_precision_is_still_known() -> None:
    results = measured(KINDS["bfloat16"](), ("one-step", "outputs"))
    assert results.facts["one-step.loss"] == "cross-entropy"


@pytest.mark.parametrize("kind", ["bfloat16", "two inputs", "mappings"])
def test_choices_are_compared_in_such_programs(kind: str) -> None:
    results = measured(KINDS[kind](), ("weight-decay", "clipping"))
    assert [ran.outcome for ran in results.probes] == ["done", "done"]
    assert "weight-decay/more" in results.series
