"""Probing inside a running training: its next losses are the same as without."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor_probe.catalogue import PROBES
from advisor_probe.notebook import probe
from advisor_probe.target import ProbeTarget, TargetError
from tests.plugins.advisor_probe.probing import parts, target

pytestmark = pytest.mark.needs("torch")


def quiet(_text: str) -> None:
    """Say nothing."""


class Training:
    """A training with everything random: dropout, shuffling under a generator, noise."""

    def __init__(self, *, own_generator: bool) -> None:
        torch, nn = parts()["torch"], parts()["nn"]
        torch.manual_seed(1)
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002  # the old functions are what is tested
        generator = torch.Generator().manual_seed(4) if own_generator else None
        data = torch.utils.data.TensorDataset(*parts()["data"]())
        self.loader = torch.utils.data.DataLoader(data, 16, shuffle=True, generator=generator)
        self.model = nn.Sequential(
            nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 4)
        )
        self.optimizer = torch.optim.Adam(self.model.parameters(), 1e-2)

    def epoch(self) -> list[float]:
        losses = []
        for inputs, labels in self.loader:
            noise = random.random() + float(np.random.rand())  # noqa: NPY002  # see above
            loss = parts()["loss"](self.model, (inputs + 1e-3 * noise, labels))
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            losses.append(float(loss.detach()))
        return losses

    @property
    def target(self) -> ProbeTarget:
        made: ProbeTarget = target(model=lambda: self.model, train=self.loader, val=self.loader)
        return made


@pytest.mark.parametrize("own_generator", [True, False])
def test_the_next_losses_are_bit_identical(own_generator: bool) -> None:
    left_alone = Training(own_generator=own_generator)
    undisturbed = left_alone.epoch() + left_alone.epoch()
    looked_at = Training(own_generator=own_generator)
    losses = looked_at.epoch()
    said: list[str] = []
    probe(looked_at.target, device="cpu", say=said.append)
    assert any("generalization: done" in line for line in said)
    assert losses + looked_at.epoch() == undisturbed


def test_switches_and_surroundings_are_left_as_found(tmp_path: Path) -> None:
    torch = parts()["torch"]

    def careless(model: Any, batch: Any) -> Any:
        os.environ["LEFT_BEHIND"] = "1"
        os.chdir(tmp_path)
        torch.set_num_threads(1)
        return parts()["loss"](model, batch)

    before = Path.cwd(), dict(os.environ), torch.is_grad_enabled(), torch.get_default_dtype()
    probe(target(loss=careless), only=("one-step", "initial-loss"), device="cpu", say=quiet)
    after = Path.cwd(), dict(os.environ), torch.is_grad_enabled(), torch.get_default_dtype()
    assert before == after


def test_a_report_comes_back_and_the_measurements_are_kept_on_request(tmp_path: Path) -> None:
    torch = parts()["torch"]

    def big() -> Any:
        made = parts()["net"]()
        for p in made.parameters():
            torch.nn.init.normal_(p, std=4)
        return made

    report = probe(target(model=big), only=("layers",), device="cpu", log=tmp_path, say=quiet)
    rules = [finding.rule for finding in report.findings]
    assert rules == ["probe-init-match", "seven-step-workflow"]
    assert (tmp_path / "probe.json").is_file()


def test_an_iterator_is_refused_before_it_is_used_up() -> None:
    data = iter(parts()["batches"]())
    with pytest.raises(TargetError, match="train is an iterator"):
        probe(target(train=data), only=("one-step",), device="cpu", say=quiet)
    assert len(list(data)) == len(parts()["batches"]())


def test_what_fails_costs_itself_only() -> None:
    calls: list[int] = []

    def failing(model: Any, batch: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("disk")
        return parts()["loss"](model, batch)

    said: list[str] = []
    names = tuple(p.name for p in PROBES[:2])
    probe(target(loss=failing), only=names, device="cpu", say=said.append)
    assert any("one-step: error: OSError: disk" in line for line in said)
    assert any("initial-loss: done" in line for line in said)
