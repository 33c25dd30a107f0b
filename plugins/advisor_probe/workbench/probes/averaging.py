"""What averaging brings: of a run's own weights over time, and of the predictions of seeds."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from advisor_probe.target import Batch
from advisor_probe.workbench.comparison import SEEDS, STEPS, constant, held_out
from advisor_probe.workbench.ensemble import Member, train_together
from advisor_probe.workbench.losses import CHOOSING, Known, recognized
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

DECAY = 0.99
EVERY = 5
"""Steps between two updates of the averaged weights."""


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses of seeds at a constant rate, of their averaged weights, and of all."""
    held = held_out(subject)
    members = [Member(seed) for seed in range(SEEDS)]
    ensemble = train_together(subject, members, subject.optimizer)
    averaged = [copy.deepcopy(model) for model in ensemble.models()]
    for step, batch in enumerate(subject.train(STEPS)):
        ensemble.step(batch, constant(0.0))
        if step % EVERY == EVERY - 1:
            _update(averaged, ensemble.models(), step + 1)
    record.curve("seeds", ensemble.evaluate(held).tolist())
    record.curve("weights", [subject.evaluate(model, held) for model in averaged])
    record.point("predictions", _together(subject, ensemble.models(), held))


def _update(averaged: Sequence[nn.Module], models: Sequence[nn.Module], step: int) -> None:
    """Move the averages towards the present weights, running statistics included."""
    decay = min(DECAY, (1 + step) / (10 + step)) ** EVERY
    with torch.no_grad():
        for mean, now in zip(averaged, models, strict=True):
            pairs = zip(_values(mean), _values(now), strict=True)
            for old, new in pairs:
                if old.is_floating_point():
                    old.lerp_(new, 1 - decay)
                else:
                    old.copy_(new)


def _values(model: nn.Module) -> list[Tensor]:
    return [*(p.detach() for p in model.parameters()), *model.buffers()]


def _together(subject: Subject, models: Sequence[nn.Module], held: Sequence[Batch]) -> float:
    """Return the loss of the mean prediction. Raises ``NotProbed`` for a loss that is not known."""
    losses = []
    for batch in held:
        known = [_known(subject, model, batch) for model in models]
        losses.append(_loss(known[0], torch.stack([_prediction(one) for one in known]).mean(0)))
    return sum(losses) / len(losses)


def _known(subject: Subject, model: nn.Module, batch: Batch) -> Known:
    model.eval()
    with torch.no_grad():
        known = recognized(subject.judged(model, batch))
    if known is None:
        raise NotProbed("the loss function is not one whose predictions can be averaged")
    return known


def _prediction(known: Known) -> Tensor:
    return known.outputs.softmax(1) if known.kind in CHOOSING else known.outputs


def _loss(known: Known, prediction: Tensor) -> float:
    if known.kind in CHOOSING:
        chances = prediction.clamp(min=1e-12).log()
        return float(torch.nn.functional.nll_loss(chances, known.targets))
    spread = (prediction - known.targets).square().mean()
    return float(spread)
