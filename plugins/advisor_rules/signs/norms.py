"""What logged gradient norms did: bursts far above their own level, and layers in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor.curve import Curve
from advisor.curve.smoothing import robust_sd
from advisor.run import Axis, Floats, Steps

LEAST = 20
"""The fewest norms whose usual level can be told from bursts (chosen by eye)."""
SETTLED = 0.1
"""The share of a run that is left out: the first gradients are large in most runs."""
_SIGMAS = 6.0
"""A burst stands out of the scatter of the norms' logarithms by so many standard deviations."""
_NUMBERS = re.compile(r"\d+")
_NOT_A_WEIGHT = re.compile(r"bias|norm|(^|[._/])bn\d*([._/]|$)|embed|scale|beta|gamma", re.I)


_OUTPUT = re.compile(
    r"((module|model|net|_orig_mod)\.)*"
    r"((lm_)?head|classifier|decoder|logits|output|out|fc|final|readout|score)\d*\b"
)
"""What the layer is called that makes the answers (PyTorch, torchvision, Hugging Face)."""


class Bursts(NamedTuple):
    """Norms far above the level around them."""

    steps: Steps
    """``int64[k]``."""
    heights: Floats
    """``float64[k]``: each as a multiple of the level there."""

    def above(self, norm: Curve, least: float) -> Bursts:
        """Return those at which the norm was more than ``least``."""
        high = norm.values[np.searchsorted(norm.steps, self.steps)] > least
        return Bursts(self.steps[high], self.heights[high])


def settled(norm: Curve) -> Floats:
    """Return the norms after the first tenth of the run: ``float64[m]``."""
    return norm.values[norm.steps >= _start(norm)]


def unsettled(norm: Curve) -> Floats:
    """Return the norms of the first tenth of the run: ``float64[m]``."""
    return norm.values[norm.steps <= _start(norm)]


def bursts(norm: Curve, height: float) -> Bursts:
    """Return the norms at least ``height`` times their level, beyond their usual scatter."""
    level = np.interp(norm.steps, norm.trend.steps, norm.trend.smooth)
    level = np.maximum(level, np.median(norm.values) * 1e-3)
    fit = (level > 0) & (norm.values > 0)
    ratio = np.divide(norm.values, level, out=np.ones(len(norm)), where=fit)
    scatter = robust_sd(np.log(ratio))
    high = np.log(ratio) >= max(np.log(height), _SIGMAS * scatter)
    rows = np.flatnonzero(high & (norm.steps >= _start(norm)))
    return Bursts(norm.steps[rows], ratio[rows])


def shaken(loss: Curve, steps: Steps, share: float, reach: int = 2) -> npt.NDArray[np.bool_]:
    """Tell for each step whether the loss spiked within ``reach`` of its points: ``bool[k]``.

    A spike stands above the trend by six times the noise and by ``share`` of all that was
    gained.
    """
    above = loss.values * loss.sign - np.interp(loss.steps, loss.trend.steps, loss.trend.smooth)
    high = above >= max(_SIGMAS * loss.noise, share * loss.trend.gain)
    high &= above > 0
    last = len(loss)
    places = np.searchsorted(loss.steps, steps)
    return np.array(
        [bool(high[max(p - reach, 0) : min(p + reach + 1, last)].any()) for p in places.tolist()],
        dtype=bool,
    )


def usual(norm: Curve) -> float:
    """Return the norm that nine in ten of the calm part stay below, to two digits."""
    return float(f"{np.quantile(settled(norm), 0.9):.2g}")


def in_order(norms: Iterable[Curve]) -> tuple[Curve, ...]:
    """Return the norms of like layers, from the input to the output.

    The order follows from the numbers in their names. Compared are only layers whose names
    differ in nothing but numbers (``blocks.3.attn.weight``), of which the largest group is
    taken; biases, norms and embeddings are left out. Empty where names tell no order.
    """
    groups: dict[str, list[tuple[tuple[int, ...], Curve]]] = {}
    for norm in norms:
        place = tuple(int(n[:9]) for n in _NUMBERS.findall(norm.role.layer))
        if place and not _NOT_A_WEIGHT.search(norm.role.layer):
            groups.setdefault(_NUMBERS.sub("#", norm.role.layer), []).append((place, norm))
    if not groups:
        return ()
    name = min(groups, key=lambda key: (-len(groups[key]), key))
    return tuple(norm for _, norm in sorted(groups[name], key=lambda item: (item[0], item[1].tag)))


class AtOutput(NamedTuple):
    """The first gradients that a log shows, before any update."""

    output: Curve
    """The norm of the layer that makes the answers."""
    other: Curve
    """That of another layer, the largest."""

    @property
    def times(self) -> float:
        """The latter in multiples of the former."""
        return float(self.other.values[0] / self.output.values[0])


def at_output(norms: Iterable[Curve]) -> AtOutput | None:
    """Return the first norms of the last layer and of another one, of a log from the first step on.

    The last layer is the one that is called so, or has the highest number where all names begin
    alike. ``None`` where names do not tell it, or its first norm is 0.
    """
    weights = [n for n in norms if n.role.layer and not _NOT_A_WEIGHT.search(n.role.layer)]
    named = [norm for norm in weights if _OUTPUT.match(norm.role.layer)]
    alike = len({_NUMBERS.split(norm.role.layer, maxsplit=1)[0] for norm in weights}) == 1
    output = _highest(named or (weights if alike else []))
    others = [norm for norm in weights if norm is not output]
    if output is None or not others or any(not _from_the_first(norm) for norm in weights):
        return None
    if not output.values[0] > 0:
        return None
    return AtOutput(output, max(others, key=lambda norm: float(norm.values[0])))


def _highest(norms: list[Curve]) -> Curve | None:
    """Return the norm with the highest first number in its name, if it is the only one."""
    places = [int((_NUMBERS.findall(norm.role.layer) or ["0"])[0][:9]) for norm in norms]
    top = max(places, default=0)
    return norms[places.index(top)] if places.count(top) == 1 else None


def _from_the_first(norm: Curve) -> bool:
    return norm.axis is Axis.STEP and len(norm) > 0 and int(norm.steps[0]) in (0, 1)


def _start(norm: Curve) -> float:
    return float(norm.steps[0] + SETTLED * (norm.steps[-1] - norm.steps[0]))
