"""Which loss function it is: told by its value, for the same outputs and targets give the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import Tensor

from advisor_probe.workbench.subject import Loss

TOLERANCE = 1e-4
"""Relative difference of two values of one loss, in single precision."""

CROSS_ENTROPY, NLL = "cross-entropy", "negative log-likelihood"
BINARY_LOGITS, BINARY = "binary cross-entropy of logits", "binary cross-entropy"
SQUARED, ABSOLUTE, HUBER = "mean squared error", "mean absolute error", "Huber"
BROADCAST = "mean squared error of every output with every target"
CHOOSING = (CROSS_ENTROPY, NLL)
"""Losses that choose one class of several."""


class Known(NamedTuple):
    """A loss that was recognized, with outputs and targets one row a prediction."""

    kind: str
    outputs: Tensor
    """``float[n, classes]``, or ``float[n]`` and alike for other losses."""
    targets: Tensor
    """``int64[n]``, or of the shape of the outputs."""


def recognized(loss: Loss) -> Known | None:
    """Return which loss function gave a value; ``None`` for those that are not known."""
    if loss.outputs is None or loss.targets is None:
        return None
    outputs, targets = loss.outputs.detach().float(), loss.targets.detach()
    value = float(loss.value.detach())
    for known, compute in _candidates(outputs, targets):
        try:
            expected = float(compute(known.outputs, known.targets))
        except (RuntimeError, ValueError, IndexError):
            continue
        if math.isclose(value, expected, rel_tol=TOLERANCE, abs_tol=1e-7):
            return known
    return None


_Compute = Callable[[Tensor, Tensor], Tensor]


def _candidates(outputs: Tensor, targets: Tensor) -> Iterator[tuple[Known, _Compute]]:
    """Yield what could be, the likeliest first."""
    whole = not (targets.is_floating_point() or targets.is_complex())
    if whole and outputs.ndim >= 2:
        for rows, classes in _rows(outputs, targets):
            yield Known(CROSS_ENTROPY, rows, classes), F.cross_entropy
            yield Known(NLL, rows, classes), F.nll_loss
    real = targets.float()
    if real.numel() == outputs.numel():
        flat, wanted = outputs.reshape(-1), real.reshape(-1)
        yield Known(BINARY_LOGITS, flat, wanted), F.binary_cross_entropy_with_logits
        yield Known(BINARY, flat, wanted), F.binary_cross_entropy
        yield Known(SQUARED, flat, wanted), F.mse_loss
        yield Known(ABSOLUTE, flat, wanted), F.l1_loss
        yield Known(HUBER, flat, wanted), F.smooth_l1_loss
        if outputs.ndim == 2 and outputs.shape[1] == 1 and real.ndim == 1:
            yield Known(BROADCAST, outputs, real), _every_pair


def _rows(outputs: Tensor, targets: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield outputs and class numbers one row a prediction, for the usual layouts."""
    if outputs.ndim == 2 and targets.ndim == 1:
        yield outputs, targets
    if outputs.ndim == targets.ndim + 1 and outputs.shape[:-1] == targets.shape:
        yield outputs.flatten(0, -2), targets.flatten()
    if outputs.ndim > 2 and outputs.shape[2:] == targets.shape[1:]:
        yield outputs.movedim(1, -1).flatten(0, -2), targets.flatten()
    if outputs.ndim == 3 and targets.ndim == 2 and outputs.shape[:2] == targets.shape:
        # A language model whose loss moves the targets by one itself.
        yield outputs[:, :-1].flatten(0, 1), targets[:, 1:].flatten()


def _every_pair(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets[None, :]).square().mean()


def guessing(known: Known) -> float | None:
    """Return the loss of a model that knows nothing: ln(C), ln 2, or the targets' own spread.

    ``None`` where the targets do not vary.
    """
    if known.kind in CHOOSING:
        return math.log(known.outputs.shape[1]) if known.outputs.shape[1] > 1 else None
    if known.kind in (BINARY_LOGITS, BINARY):
        return math.log(2)
    spread = known.targets.double() - known.targets.double().mean()
    if known.kind in (SQUARED, BROADCAST):
        return float(spread.square().mean()) or None
    return float(spread.abs().mean()) or None


def prior_entropy(targets: Tensor) -> float:
    """Return the entropy of the classes in nats: the loss of who knows only how frequent each is.

    ``targets`` are ``int64[n]``; negative ones stand for nothing and do not count.
    """
    counts = torch.bincount(targets[targets >= 0].flatten()).double()
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * shares.log()).sum())
