"""Programs that are trained for real: dropout helps where samples are few, and hardly elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.advisor_probe.probing import found, parts, probed, target

pytestmark = pytest.mark.needs("torch")


def labelled(samples: int, seed: int, noise: float) -> tuple[Any, Any]:
    """Return points on either side of a plane, with some labels flipped."""
    torch = parts()["torch"]
    plane = torch.randn(32, generator=torch.Generator().manual_seed(9))
    made = torch.Generator().manual_seed(seed)
    inputs = torch.randn(samples, 32, generator=made)
    labels = (inputs @ plane > 0).long()
    return inputs, torch.where(torch.rand(samples, generator=made) < noise, 1 - labels, labels)


def program(samples: int, noise: float) -> Any:
    """Return a program whose network could learn a few hundred samples by heart."""
    torch, nn = parts()["torch"], parts()["nn"]
    inputs, labels = labelled(samples, 0, noise)

    def net() -> Any:
        return nn.Sequential(
            nn.Linear(32, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 2)
        )

    return target(
        model=net,
        train=list(zip(inputs.split(32), labels.split(32), strict=True)),
        val=[labelled(512, 1, noise)],
        optimizer=lambda model: torch.optim.Adam(model.parameters(), 1e-3),
    )


def test_few_samples_with_wrong_labels_want_dropout() -> None:
    run = probed(program(256, noise=0.15), "dropout-added")
    assert "probe-dropout-missing" in found(run)
    losses = {name: run.series[f"advisor-probe/dropout-added/{name}"] for name in ("user", "high")}
    assert max(losses["high"].values) < min(losses["user"].values)


def test_plenty_of_samples_do_not() -> None:
    run = probed(program(6400, noise=0.0), "dropout-added")
    assert "probe-dropout-missing" not in found(run)
