"""Programs with a setting that is off, each with the probes that can see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import torch
from torch import nn

from advisor_probe import ProbeTarget

from .bases import BASES, Base
from .models import mlp
from .programs import ABOUT_RATES, at

FACTORS = (30.0, 100.0)
TABLES = ("spirals", "friedman", "blobs", "rings", "parity", "ridges")
"""Data sets on which plain networks with settings are tried."""
SEEN = ("spirals", "friedman", "blobs", "rings")
"""Data sets that were looked at while it was found how to tell what lasts; the others are fresh."""
ACTIVATIONS: Mapping[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "silu": nn.SiLU,
    "sigmoid": nn.Sigmoid,
}


class Case(NamedTuple):
    """A program whose setting is off, and the probes that are run on it."""

    name: str
    kind: str
    target: ProbeTarget
    battery: tuple[str, ...]


def cases() -> Iterator[Case]:
    """Yield all programs, those with a wrong rate first."""
    for base in BASES:
        yield from _rates(base)
    for base in BASES:
        if base.name.split(",")[0] in TABLES:
            yield from _others(base)


def _rates(base: Base) -> Iterator[Case]:
    rate = base.suited.adam
    for factor in FACTORS:
        for word, wrong in (("high", rate * factor), ("low", rate / factor)):
            name = f"{base.name}: {factor:g} times too {word}"
            yield Case(name, f"rate too {word}", at(base, torch.optim.Adam, wrong), ABOUT_RATES)


def _others(base: Base) -> Iterator[Case]:
    """Yield plain networks with one other setting that is off, and a rate that suits.

    It is a third of what suits with a decay: these trainings have none.
    """
    sgd, adam = base.suited.sgd / 3, base.suited.adam / 3
    yield _case(base, "no momentum", ("optimizers",), optimizer="sgd", lr=sgd, momentum=0.0)
    yield _case(base, "decay too strong", ("weight-decay",), lr=adam, weight_decay=3.0)
    yield _case(base, "dropout too strong", ("dropout", "settings"), lr=adam, dropout=0.8)
    yield _case(base, "too narrow", ("settings",), lr=adam, hidden_size=2)
    yield _case(base, "deep sigmoid", ("layers",), lr=adam, activation="sigmoid", layers=8)


def _case(base: Base, kind: str, battery: tuple[str, ...], **off: Any) -> Case:
    settings = {
        "optimizer": "adamw", "momentum": 0.9, "weight_decay": 0.0, "dropout": 0.0,
        "hidden_size": 48, "layers": 2, "activation": "relu", **off,
    }  # fmt: skip
    target = base.target(
        model=lambda settings: _network(base, settings),
        optimizer=_optimizer,
        settings=settings,
    )
    return Case(f"{base.name.split(',')[0]}: {kind}", kind, target, battery)


def _network(base: Base, settings: Mapping[str, Any]) -> nn.Module:
    """Return a plain network of some width, depth, activation and dropout."""
    inputs, targets = base.data(64, 0)
    last = int(targets.max()) + 1 if base.chooses else targets.shape[1]
    hidden = [settings["hidden_size"]] * settings["layers"]
    plain = mlp((inputs.shape[1], *hidden, last), ACTIVATIONS[settings["activation"]])
    layers: list[nn.Module] = []
    for layer in plain:
        layers.append(layer)
        if not isinstance(layer, nn.Linear) and settings["dropout"]:
            layers.append(nn.Dropout(settings["dropout"]))
    return nn.Sequential(*layers)


def _optimizer(model: nn.Module, settings: Mapping[str, Any]) -> torch.optim.Optimizer:
    weights, rate, decay = model.parameters(), settings["lr"], settings["weight_decay"]
    if settings["optimizer"] == "sgd":
        return torch.optim.SGD(weights, rate, settings["momentum"], weight_decay=decay)
    return torch.optim.AdamW(weights, rate, weight_decay=decay)
