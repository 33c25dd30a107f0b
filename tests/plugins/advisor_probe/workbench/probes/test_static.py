"""What can be seen before training: faults of a program, and programs in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.plugins.advisor_probe.probing import found, parts, probed, target, value

pytestmark = pytest.mark.needs("torch")

STATIC = ("one-step", "initial-loss", "outputs", "inputs", "layers", "loop", "evaluation")


def layered(*layers: Callable[[Any], Any]) -> Callable[[], Any]:
    """Return a factory of a sequence; each layer is made by a function of ``torch.nn``."""
    nn = parts()["nn"]
    return lambda: nn.Sequential(*(layer(nn) for layer in layers))


def dense(a: int, b: int) -> Callable[[Any], Any]:
    return lambda nn: nn.Linear(a, b)


def act(name: str) -> Callable[[Any], Any]:
    return lambda nn: getattr(nn, name)()


def regression(**changes: Any) -> Any:
    torch, functional = parts()["torch"], parts()["F"]
    inputs = torch.randn(128, 8, generator=torch.Generator().manual_seed(3))
    wanted = inputs.sum(1, keepdim=True) / 8**0.5
    given = {
        "model": layered(dense(8, 16), act("ReLU"), dense(16, 1)),
        "loss": lambda m, b: functional.mse_loss(m(b[0]), b[1]),
        "train": list(zip(inputs.split(16), wanted.split(16), strict=True)),
    }
    return target(**{**given, **changes})


def applied(function: Callable[..., Any], model: Any, batch: Any) -> Any:
    return function(model(batch[0]), batch[1])


def own_step(model: Any, optimizer: Any, batch: Any) -> float:
    optimizer.zero_grad()
    loss = parts()["loss"](model, batch)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def normed() -> Any:
    return layered(
        dense(8, 16), lambda nn: nn.BatchNorm1d(16), act("ReLU"), lambda nn: nn.Dropout(0.2),
        dense(16, 4),
    )()  # fmt: skip


def evaluated(model: Any, val: Any, *, toggled: bool) -> float:
    torch = parts()["torch"]
    model.train(not toggled)
    with torch.no_grad():
        return float(sum(parts()["loss"](model, batch) for batch in val)) / len(val)


def test_a_program_in_order_gives_no_finding() -> None:
    made = target(model=normed, step=own_step, evaluate=lambda m, v: evaluated(m, v, toggled=True))
    assert found(probed(made, *STATIC)) == set()


def test_a_regression_in_order_gives_no_finding() -> None:
    assert found(probed(regression(), *STATIC)) == set()


def faults() -> dict[str, tuple[Callable[[], Any], str]]:
    """Return programs with one fault each, and the rule that names it."""
    torch, functional = parts()["torch"], parts()["F"]
    ce = functional.cross_entropy

    def forgetful(model: Any, _optimizer: Any, batch: Any) -> float:
        loss = parts()["loss"](model, batch)
        loss.backward()
        _optimizer.step()
        return float(loss.detach())

    def hasty(model: Any, optimizer: Any, batch: Any) -> float:
        loss = parts()["loss"](model, batch)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        return float(loss.detach())

    def inflated() -> Any:
        made = parts()["net"]()
        for p in made.parameters():
            torch.nn.init.normal_(p, std=4)
        return made

    def dead() -> Any:
        made = parts()["net"]()
        torch.nn.init.constant_(made[0].bias, -50.0)
        return made

    deep = [layer for _ in range(7) for layer in (dense(8, 8), act("Sigmoid"))]
    scaled = [(b[0] * 90 + 30, b[1]) for b in parts()["batches"]()]
    flat = [(b[0] * torch.tensor([1.0, 0, 0, 0, 0, 0, 1, 1]), b[1]) for b in parts()["batches"]()]
    spread = [
        (b[0] * torch.tensor([1e-3, 1, 1, 1, 1, 1, 1, 1]), b[1]) for b in parts()["batches"]()
    ]
    column = [(a, b.squeeze(1)) for a, b in regression().train]
    shifted = [(a, b + 40.0) for a, b in regression().train]
    whole = [(a, (b > 0).long() + (b > 1).long()) for a, b in regression().train]
    wild = [(a, b + 60 * (torch.rand(len(b), 1) < 0.02)) for a, b in regression().train]
    mse = functional.mse_loss
    nll = functional.nll_loss
    frozen = lambda m: torch.optim.Adam(list(m.parameters())[2:], 1e-2)  # noqa: E731
    return {
        "zero_grad forgotten": (lambda: target(step=forgetful), "zero-grad-forgotten"),
        "zero_grad too soon": (lambda: target(step=hasty), "zero-grad-forgotten"),
        "softmax in the model": (
            lambda: target(model=layered(dense(8, 4), lambda nn: nn.Softmax(1))),
            "probe-logits-vs-softmax",
        ),
        "softmax in the loss": (
            lambda: target(loss=lambda m, b: (ce(o := m(b[0]).softmax(1), b[1]), o, b[1])),
            "probe-logits-vs-softmax",
        ),
        "raw under NLL": (
            lambda: target(loss=lambda m, b: nll(m(b[0]), b[1])),
            "probe-logits-vs-softmax",
        ),
        "sigmoid twice": (
            lambda: regression(
                model=layered(dense(8, 1), act("Sigmoid")),
                loss=lambda m, b: functional.binary_cross_entropy_with_logits(
                    m(b[0]), (b[1] > 0).float()
                ),
                train=[(a, (b > 0).float()) for a, b in regression().train],
            ),
            "probe-logits-vs-softmax",
        ),
        "inflated weights": (lambda: target(model=inflated), "probe-init-match"),
        "inflated start": (lambda: target(model=inflated), "probe-initial-loss"),
        "targets far from zero": (lambda: regression(train=shifted), "probe-initial-loss"),
        "dead ReLU": (lambda: target(model=dead), "probe-activation-choice"),
        "deep sigmoid": (
            lambda: target(model=layered(*deep, dense(8, 4))), "probe-vanishing-gradients",
        ),
        "unscaled": (lambda: target(train=scaled), "feature-scale"),
        "scales apart": (lambda: target(train=spread), "feature-scale"),
        "empty columns": (lambda: target(train=flat), "probe-input-layer-shape"),
        "shapes that spread": (lambda: regression(train=column), "probe-output-layer-shape"),
        "sigmoid on a regression": (
            lambda: regression(model=layered(dense(8, 1), act("Sigmoid"))),
            "probe-output-activation",
        ),
        "classes as numbers": (
            lambda: regression(train=whole, loss=lambda m, b: mse(m(b[0]), b[1].float())),
            "probe-loss-function-fit",
        ),
        "outliers": (lambda: regression(train=wild), "probe-loss-function-fit"),
        "optimizer of half a model": (lambda: target(optimizer=frozen), "probe-idle-parameters"),
        "graph cut": (
            lambda: target(loss=lambda m, b: ce(m[2](m[1](m[0](b[0])).detach()), b[1])),
            "probe-idle-parameters",
        ),
        "NaN": (
            lambda: target(loss=lambda m, b: parts()["loss"](m, b) * float("nan")),
            "probe-not-finite",
        ),
        "NaN after some steps": (
            lambda: target(optimizer=lambda m: torch.optim.SGD(m.parameters(), 1e20)),
            "probe-not-finite",
        ),
        "evaluation in training mode": (
            lambda: target(model=normed, evaluate=lambda m, v: evaluated(m, v, toggled=False)),
            "probe-train-eval-toggle",
        ),
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore:Using a target size")
def test_every_planted_fault_is_named() -> None:
    missed = [
        name
        for name, (make, rule) in faults().items()
        if rule not in found(probed(make(), *STATIC))
    ]
    assert missed == []


@pytest.mark.parametrize(
    "kind", ["set_to_none", "zero after", "accumulated", "clipped", "closure", "twice"]
)
def test_no_legitimate_loop_is_said_to_forget_zero_grad(kind: str) -> None:
    torch, loss_of = parts()["torch"], parts()["loss"]

    def step(model: Any, optimizer: Any, batch: Any) -> float:
        if kind == "closure":

            def closure() -> Any:
                optimizer.zero_grad()
                loss = loss_of(model, batch)
                loss.backward()
                return loss

            return float(optimizer.step(closure).detach())
        if kind != "zero after":
            optimizer.zero_grad(set_to_none=kind != "set_to_none")
        for _ in range(3 if kind in ("accumulated", "twice") else 1):
            loss = loss_of(model, batch)
            loss.backward()
        if kind == "clipped":
            torch.nn.utils.clip_grad_value_(model.parameters(), 0.01)
        optimizer.step()
        if kind == "zero after":
            optimizer.zero_grad(set_to_none=False)
        return float(loss.detach())

    run = probed(target(step=step), "loop")
    assert value(run, "loop/stale") == value(run, "loop/lost") == 0.0
    assert found(run) == set()


def test_what_the_loss_is_is_told_by_its_value() -> None:
    functional = parts()["F"]
    for name, known in (
        ("mse_loss", "mean squared error"),
        ("l1_loss", "mean absolute error"),
        ("smooth_l1_loss", "Huber"),
    ):
        made = regression(loss=partial(applied, getattr(functional, name)))
        assert probed(made, "one-step").config["one-step.loss"].value == known
    weighted = target(loss=lambda m, b: 2 * parts()["loss"](m, b))
    assert probed(weighted, "one-step").config["one-step.loss"].value == "unknown"
