"""Programs that are trained for real: large batches leave fewer rates that go well."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.advisor_probe.probing import found, parts, probed, target, value

pytestmark = pytest.mark.needs("torch")


def program(batch: int) -> Any:
    """Return a program that tells ten clouds of points apart."""
    torch, nn = parts()["torch"], parts()["nn"]
    centres = torch.randn(10, 32, generator=torch.Generator().manual_seed(9))
    made = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 10, (4096,), generator=made)
    inputs = centres[labels] + torch.randn(4096, 32, generator=made)

    def net() -> Any:
        return nn.Sequential(
            nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10)
        )

    return target(
        model=net,
        train=list(zip(inputs.split(batch), labels.split(batch), strict=True)),
        optimizer=lambda model: torch.optim.Adam(model.parameters(), 3e-3),
    )


def test_large_batches_narrow_the_range() -> None:
    run = probed(program(512), "batch-range")
    assert found(run) == {"probe-batch-narrows-lr-range"}
    assert value(run, "batch-range/quarter") >= value(run, "batch-range/user") + 1


def test_small_batches_do_not() -> None:
    run = probed(program(32), "batch-range")
    assert found(run) == set()
    assert value(run, "batch-range/quarter") <= value(run, "batch-range/user") + 0.5


def test_batches_of_any_size_are_cut_into_quarters() -> None:
    torch = parts()["torch"]
    sizes = (16, 18, 3)
    data = [(torch.randn(size, 8), torch.randint(0, 4, (size,))) for size in sizes]
    run = probed(target(train=data), "batch-range")
    assert value(run, "batch-range/size") == 16
