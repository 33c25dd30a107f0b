"""Training together equals training one by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from tests.plugins.advisor_probe.probing import parts, target

pytestmark = pytest.mark.needs("torch")

STEPS = 12
SPREAD = (0.1, 1.0, 3.0)


def both(made: Any) -> tuple[Any, Any]:
    """Return the losses of three members over some steps, trained in both ways."""
    from advisor_probe.workbench.ensemble import Member, Separate, Stacked, undropped
    from advisor_probe.workbench.subject import Subject

    torch = parts()["torch"]
    subject = Subject(made, "cpu", 0)
    members = [Member(seed, rate) for seed, rate in enumerate(SPREAD)]
    batches = subject.train(STEPS)
    results = []
    for way in (Separate, Stacked):
        ensemble = way(subject, members, subject.optimizer, undropped)
        losses = [
            ensemble.step(batch, factor=0.5 * (1 + math.cos(step / STEPS)))
            for step, batch in enumerate(batches)
        ]
        results.append(torch.stack([*losses, ensemble.evaluate(subject.val(2))]))
    return results[0], results[1]


def normed() -> Any:
    nn = parts()["nn"]
    return nn.Sequential(
        nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 4)
    )


def tied() -> Any:
    nn, torch = parts()["nn"], parts()["torch"]

    class Tied(nn.Module):  # type: ignore[misc,name-defined]  # torch is not imported here
        def __init__(self) -> None:
            super().__init__()
            self.first, self.last = nn.Linear(8, 8), nn.Linear(8, 8)
            self.last.weight = self.first.weight
            self.head = nn.Linear(8, 4)

        def forward(self, x: Any) -> Any:
            return self.head(torch.tanh(self.last(torch.tanh(self.first(x)))))

    return Tied()


def optimizers() -> dict[str, Callable[[Any], Any]]:
    optim = parts()["torch"].optim
    return {
        "SGD": lambda m: optim.SGD(m.parameters(), 0.1),
        "Nesterov": lambda m: optim.SGD(
            m.parameters(), 0.05, momentum=0.9, nesterov=True, weight_decay=1e-3
        ),
        "Adam": lambda m: optim.Adam(m.parameters(), 1e-2),
        "AdamW": lambda m: optim.AdamW(m.parameters(), 1e-2, weight_decay=0.1),
        "RMSprop": lambda m: optim.RMSprop(m.parameters(), 1e-3, momentum=0.9),
        "two groups": lambda m: optim.Adam(
            [
                {"params": [p for p in m.parameters() if p.ndim > 1], "lr": 1e-2},
                {"params": [p for p in m.parameters() if p.ndim == 1], "lr": 1e-3},
            ]
        ),
    }


@pytest.mark.parametrize("name", ["SGD", "Nesterov", "Adam", "AdamW", "RMSprop", "two groups"])
def test_every_usual_optimizer_gives_equal_results(name: str) -> None:
    one_by_one, together = both(target(optimizer=optimizers()[name]))
    assert parts()["torch"].allclose(one_by_one, together, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("model", [normed, tied])
def test_normalization_and_tied_weights_give_equal_results(model: Callable[[], Any]) -> None:
    one_by_one, together = both(target(model=model, optimizer=optimizers()["SGD"]))
    assert parts()["torch"].allclose(one_by_one, together, rtol=1e-3, atol=1e-5)


def test_a_member_that_diverges_leaves_the_others_alone() -> None:
    torch = parts()["torch"]
    from advisor_probe.workbench.ensemble import Member, Stacked, undropped
    from advisor_probe.workbench.subject import Subject

    subject = Subject(target(), "cpu", 0)
    members = [Member(0, 1.0), Member(0, 1e30)]
    ensemble = Stacked(subject, members, subject.optimizer, undropped)
    losses = torch.stack([ensemble.step(batch) for batch in subject.train(STEPS)])
    assert torch.isfinite(losses[:, 0]).all()
    assert losses[-1, 0] < losses[0, 0]
    assert not torch.isfinite(losses[-1, 1]) or losses[-1, 1] > 1e6


def test_the_models_of_a_stack_hold_its_weights() -> None:
    from advisor_probe.workbench.ensemble import Member, Stacked, undropped
    from advisor_probe.workbench.subject import Subject

    subject = Subject(target(model=normed), "cpu", 0)
    stack = Stacked(subject, [Member(0), Member(1)], subject.optimizer, undropped)
    for batch in subject.train(STEPS):
        stack.step(batch)
    held = subject.val(2)
    apart = [subject.evaluate(model, held) for model in stack.models()]
    assert apart == pytest.approx(stack.evaluate(held).tolist(), rel=1e-4)
