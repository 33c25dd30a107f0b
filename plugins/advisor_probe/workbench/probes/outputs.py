"""The outputs of an untrained model: do they fit the loss and the targets."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from advisor_probe.workbench import losses
from advisor_probe.workbench.losses import Known, recognized
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Loss, Subject

BATCHES = 8
FAR = 5.0
"""Robust standard deviations from the median beyond which a target lies far out."""
FEW = 20
"""So many distinct whole numbers, at most, look like classes."""

_INFINITE = float("inf")
_REACH: dict[type[nn.Module], tuple[float, float]] = {
    nn.Sigmoid: (0.0, 1.0),
    nn.Softmax: (0.0, 1.0),
    nn.Hardsigmoid: (0.0, 1.0),
    nn.Tanh: (-1.0, 1.0),
    nn.Hardtanh: (-1.0, 1.0),
    nn.ReLU: (0.0, _INFINITE),
    nn.ReLU6: (0.0, 6.0),
    nn.Softplus: (0.0, _INFINITE),
}
"""What an activation can give out; of those not named it may be anything."""


class _Seen(NamedTuple):
    """What several batches came to."""

    kind: str
    outputs: Tensor
    targets: Tensor
    whole: bool
    """Whether the targets are whole numbers by their type."""


def measure(subject: Subject, record: Record) -> None:
    """Report what the outputs are like, by the kind of loss."""
    model = subject.model()
    final = _final_activation(subject, model)
    with torch.no_grad():
        judged = [subject.judged(model, batch) for batch in subject.train(BATCHES)]
    seen = _seen(judged)
    if seen is None:
        raise NotProbed(
            "the loss function is not one that it knows; return (loss, outputs, targets)"
        )
    record.fact("loss", seen.kind)
    record.fact("activation", final.__name__ if final else "none")
    record.point("broadcast", float(seen.kind == losses.BROADCAST))
    if seen.kind in losses.CHOOSING:
        _report_classes(seen, record)
    elif seen.kind in (losses.BINARY_LOGITS, losses.BINARY):
        inside = (seen.outputs > 0) & (seen.outputs < 1)
        record.point("inside", float(inside.float().mean()))
    else:
        _report_numbers(seen, final, record)


def _seen(judged: list[Loss]) -> _Seen | None:
    known = [one for loss in judged if (one := recognized(loss)) is not None]
    if len(known) < len(judged) or len({one.kind for one in known}) != 1:
        return None
    first = judged[0].targets
    whole = first is not None and not first.is_floating_point()
    return _Seen(known[0].kind, *_together(known), whole)


def _together(known: list[Known]) -> tuple[Tensor, Tensor]:
    return torch.cat([one.outputs for one in known]), torch.cat([one.targets for one in known])


def _report_classes(seen: _Seen, record: Record) -> None:
    """Report whether rows of outputs are shares, and how many classes there are."""
    sums = seen.outputs.sum(1)
    apart = float((sums - 1).abs().max())
    record.point("simplex", apart if float(seen.outputs.min()) >= 0 else 9.0)
    record.point("log_simplex", float(seen.outputs.logsumexp(1).abs().max()))
    record.point("columns", seen.outputs.shape[1])
    record.point("classes", int(seen.targets.max()) + 1)


def _report_numbers(seen: _Seen, final: type[nn.Module] | None, record: Record) -> None:
    """Report which targets the outputs cannot reach, and how far the farthest lie out."""
    targets = seen.targets.float().flatten()
    low, high = _REACH.get(final, (-_INFINITE, _INFINITE)) if final else (-_INFINITE, _INFINITE)
    record.point("unreachable", float(((targets < low) | (targets > high)).float().mean()))
    distinct = len(torch.unique(targets))
    record.point("classes_as_numbers", float(seen.whole and 2 < distinct <= FEW))
    record.point("tail", _tail(targets))
    record.point("targets", len(targets))


def _tail(targets: Tensor) -> float:
    """Return the share of the squared deviation held by targets that lie far out."""
    deviations = (targets - targets.median()).abs()
    far = FAR * 1.4826 * deviations.median()
    if not far:
        return 0.0
    squares = deviations.square()
    return float(squares[deviations > far].sum() / squares.sum())


def _final_activation(subject: Subject, model: nn.Module) -> type[nn.Module] | None:
    """Return the kind of the module whose result is the model's own, if it is an activation."""
    last: list[tuple[type[nn.Module], Any]] = []
    hooks = [
        module.register_forward_hook(lambda m, _given, out: last.append((type(m), out)))
        for module in model.modules()
        if not list(module.children())
    ]
    with torch.no_grad():
        outputs = subject.judged(model, subject.train(1)[0]).outputs
    for hook in hooks:
        hook.remove()
    kinds = [kind for kind, out in last if out is outputs and kind in _REACH]
    return kinds[-1] if kinds else None
