"""What is told exactly: where dropout stands, how gradients are clipped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.advisor_probe.probing import found, parts, probed, target, value

pytestmark = pytest.mark.needs("torch")


def placed(*made: Any) -> Any:
    nn = parts()["nn"]
    return target(model=lambda: nn.Sequential(*(part() for part in made)))


def layer(inputs: int, outputs: int) -> Any:
    return lambda: parts()["nn"].Linear(inputs, outputs)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["SELU", "Dropout"], "after_selu"),
        (["SELU", "AlphaDropout"], ""),
        (["Dropout", "BatchNorm1d"], "before_norm"),
        (["BatchNorm1d", "ReLU", "Dropout"], ""),
        (["ReLU", "Dropout"], ""),
    ],
)
def test_dropout_is_followed_to_where_its_output_goes(names: list[str], wanted: str) -> None:
    nn = parts()["nn"]
    given = {"BatchNorm1d": (16,), "Dropout": (0.2,), "AlphaDropout": (0.2,)}
    between = [lambda n=n: getattr(nn, n)(*given.get(n, ())) for n in names]
    run = probed(placed(layer(8, 16), *between, layer(16, 4)), "dropout-places")
    counts = {q: value(run, f"dropout-places/{q}") for q in ("output", "after_selu", "before_norm")}
    assert {name for name, count in counts.items() if count} == ({wanted} - {""})
    assert bool(found(run)) == bool(wanted)


def test_dropout_at_the_output_is_a_warning_that_names_the_layer() -> None:
    nn = parts()["nn"]
    run = probed(placed(layer(8, 16), nn.ReLU, layer(16, 4), nn.Dropout), "dropout-places")
    assert found(run) == {"probe-dropout-placement"}
    assert run.config["dropout-places.output"].value == ("3",)


def test_dropout_of_nothing_is_none() -> None:
    off = lambda: parts()["nn"].Dropout(0.0)  # noqa: E731  # as users write it
    assert not probed(placed(layer(8, 4), off), "dropout-places").series


def stepping(change: Any, halves: int = 1) -> Any:
    def step(model: Any, optimizer: Any, batch: Any) -> float:
        optimizer.zero_grad()
        total = 0.0
        for part in zip(*(leaf.chunk(halves) for leaf in batch), strict=True):
            loss = parts()["loss"](model, part) / halves
            loss.backward()
            total += float(loss.detach())
        change(model)
        optimizer.step()
        return total

    return target(step=step, train=parts()["batches"](count=512))


def by_value(model: Any) -> None:
    parts()["nn"].utils.clip_grad_value_(model.parameters(), 1e-2)


def by_norm(model: Any) -> None:
    parts()["nn"].utils.clip_grad_norm_(model.parameters(), 1e-2)


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (lambda: stepping(by_value), 2.0),
        (lambda: stepping(by_norm), 1.0),
        (lambda: stepping(lambda _model: None), 0.0),
        (lambda: stepping(lambda _model: None, halves=2), 0.0),
    ],
)
def test_how_a_step_clips_is_told_by_what_the_optimizer_gets(made: Any, wanted: float) -> None:
    run = probed(made(), "clipping")
    assert value(run, "clipping/own") == wanted
    assert ("probe-clip-by-norm" in found(run)) or wanted != 2.0


def test_gradients_that_the_step_changes_in_another_way_are_not_judged() -> None:
    def noisy(model: Any) -> None:
        for p in model.parameters():
            p.grad += 10 * parts()["torch"].randn_like(p)

    run = probed(stepping(noisy), "clipping")
    assert value(run, "clipping/own") == 3.0
    assert found(run) == set()
