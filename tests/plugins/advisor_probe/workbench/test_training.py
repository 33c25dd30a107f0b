"""One training with losses along its way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.advisor_probe.probing import parts, target

pytestmark = pytest.mark.needs("torch")


def losses(made: Any, *checkpoints: int, batch: int = 0) -> tuple[float, ...]:
    """Return the held-out losses of a training at its checkpoints."""
    from advisor_probe.isolation.job import Training
    from advisor_probe.workbench.training import trained

    wanted = Training(seed=3, checkpoints=checkpoints, batch=batch, held=0)
    return trained(made, "cpu", wanted).losses


def noisy() -> Any:
    """Return a model that draws random numbers and counts what passes through it."""
    nn = parts()["nn"]
    return nn.Sequential(
        nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 4)
    )


def test_a_look_on_the_way_leaves_the_training_as_it_was() -> None:
    made = target(model=noisy)
    often, once = losses(made, 1, 2, 4, 7, 12, 20), losses(made, 20)
    assert len(often) == 6
    assert len(set(often)) == 6
    assert often[-1] == once[0]


def test_layers_that_are_kept_in_evaluation_stay_there() -> None:
    def step(model: Any, optimizer: Any, batch: Any) -> float:
        seen.append(model[1].training)
        model[1].eval()
        optimizer.zero_grad()
        loss = parts()["loss"](model, batch)
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    seen: list[bool] = []
    losses(target(model=noisy, step=step), 2, 4, 6)
    assert seen == [True, *[False] * 5]


def test_a_batch_that_passes_several_checkpoints_has_its_loss_at_each() -> None:
    found = losses(target(), 1, 2, 3, 8, batch=8)  # batches hold 16
    assert len(found) == 4
    assert found[0] == found[1]
    assert len(set(found)) == 3
