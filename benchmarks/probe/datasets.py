"""Made data: fifteen kinds, each the same for the same number of samples and seed."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

Data = tuple[Tensor, Tensor]
"""Inputs and targets, a row a sample."""


def _made(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(1000 + seed)


def spirals(samples: int, seed: int) -> Data:
    """Return points on three spirals, standardized: ``float[n, 2]`` and three classes."""
    made = _made(seed)
    labels = torch.randint(0, 3, (samples,), generator=made)
    radius = torch.rand(samples, generator=made)
    angle = 4 * radius + labels * 2 * torch.pi / 3 + 0.1 * torch.randn(samples, generator=made)
    points = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
    return points / 0.4, labels


def friedman(samples: int, seed: int) -> Data:
    """Return Friedman's first regression, standardized: ``float[n, 10]`` and ``float[n, 1]``."""
    made = _made(seed)
    x = torch.rand(samples, 10, generator=made)
    y = 10 * (torch.pi * x[:, 0] * x[:, 1]).sin() + 20 * (x[:, 2] - 0.5) ** 2
    y = y + 10 * x[:, 3] + 5 * x[:, 4] + torch.randn(samples, generator=made)
    return (x - 0.5) / 0.29, ((y - 14.4) / 4.9)[:, None]


def bars(samples: int, seed: int) -> Data:
    """Return noisy images with a bar in one of four places: ``float[n, 1, 8, 8]``."""
    made = _made(seed)
    labels = torch.randint(0, 4, (samples,), generator=made)
    images = torch.randn(samples, 1, 8, 8, generator=made)
    for place, label in enumerate(labels.tolist()):
        row = 3 * (label % 2) + 1
        if label < 2:
            images[place, 0, row : row + 2, 1:7] += 1.5
        else:
            images[place, 0, 1:7, row : row + 2] += 1.5
    return images, labels


def waves(samples: int, seed: int) -> Data:
    """Return noisy waves of three frequencies: ``float[n, 12, 1]`` and three classes."""
    made = _made(seed)
    labels = torch.randint(0, 3, (samples,), generator=made)
    phase = 6.28 * torch.rand(samples, 1, generator=made)
    at = torch.arange(12)[None, :] * (0.4 + 0.5 * labels[:, None])
    noise = 0.3 * torch.randn(samples, 12, generator=made)
    return (1.4 * (at + phase).sin() + noise)[..., None], labels


def words(samples: int, seed: int) -> Data:
    """Return strings of 8 of 30 tokens; the class tells which of two comes more often."""
    made = _made(seed)
    tokens = torch.randint(0, 30, (samples, 8), generator=made)
    labels = torch.randint(0, 2, (samples,), generator=made)
    for _ in range(3):
        at = torch.randint(0, 8, (samples,), generator=made)
        tokens[torch.arange(samples), at] = labels
    return tokens, labels


def blobs(samples: int, seed: int) -> Data:
    """Return eight overlapping clouds in twenty dimensions: ``float[n, 20]`` and eight classes."""
    made = _made(seed)
    centres = 0.8 * torch.randn(8, 20, generator=torch.Generator().manual_seed(77))
    labels = torch.randint(0, 8, (samples,), generator=made)
    return (centres[labels] + torch.randn(samples, 20, generator=made)) / 1.3, labels


def rings(samples: int, seed: int) -> Data:
    """Return a ball inside a shell: ``float[n, 6]``, and ``float[n, 1]`` of 0 and 1."""
    made = _made(seed)
    labels = torch.randint(0, 2, (samples,), generator=made).float()
    points = torch.randn(samples, 6, generator=made)
    radius = 1.5 + 1.5 * labels + 0.35 * torch.randn(samples, generator=made)
    return points / points.norm(dim=1, keepdim=True) * radius[:, None] / 0.95, labels[:, None]


def parity(samples: int, seed: int) -> Data:
    """Return signs, of which three multiplied are the class: ``float[n, 10]``, two classes."""
    signs = torch.randint(0, 2, (samples, 10), generator=_made(seed)).float() * 2 - 1
    return signs, (signs[:, :3].prod(1) > 0).long()


def gratings(samples: int, seed: int) -> Data:
    """Return noisy gratings in five orientations: ``float[n, 1, 8, 8]`` and five classes."""
    made = _made(seed)
    labels = torch.randint(0, 5, (samples,), generator=made)
    phase = 6.28 * torch.rand(samples, 1, 1, generator=made)
    angle = (labels * torch.pi / 5)[:, None, None]
    across, down = torch.arange(8.0)[None, None, :], torch.arange(8.0)[None, :, None]
    waved = 1.4 * (1.3 * (across * angle.cos() + down * angle.sin()) + phase).sin()
    return (waved + 0.8 * torch.randn(samples, 8, 8, generator=made))[:, None] / 1.27, labels


def chirps(samples: int, seed: int) -> Data:
    """Return noisy tones that fall, stay or rise: ``float[n, 1, 24]`` and three classes."""
    made = _made(seed)
    labels = torch.randint(0, 3, (samples,), generator=made)
    at = torch.arange(24.0)[None, :] / 24
    pitch = 14 + 3 * torch.randn(samples, 1, generator=made)
    turned = at * pitch + 6 * (labels[:, None] - 1) * at**2
    tone = 1.4 * (turned + 6.28 * torch.rand(samples, 1, generator=made)).sin()
    return (tone + 0.3 * torch.randn(samples, 24, generator=made))[:, None], labels


def topics(samples: int, seed: int) -> Data:
    """Return bags of 30 of 200 words, each topic with 20 of its own: six classes."""
    made = _made(seed)
    labels = torch.randint(0, 6, (samples,), generator=made)
    bags = torch.randint(0, 200, (samples, 30), generator=made)
    own = labels[:, None] * 20 + torch.randint(0, 20, (samples, 30), generator=made)
    return torch.where(torch.rand(samples, 30, generator=made) < 0.2, own, bags), labels


def factors(samples: int, seed: int) -> Data:
    """Return sixteen columns made of four, to be copied: ``float[n, 16]`` twice."""
    mixing = torch.randn(4, 16, generator=torch.Generator().manual_seed(78)) / 2
    made = _made(seed)
    hidden = torch.randn(samples, 4, generator=made)
    columns = (hidden @ mixing).tanh() + 0.1 * torch.randn(samples, 16, generator=made)
    columns = columns / 0.62
    return columns, columns.clone()


def checkers(samples: int, seed: int) -> Data:
    """Return points on a board of three by three squares: ``float[n, 2]`` and two classes."""
    points = torch.rand(samples, 2, generator=_made(seed)) * 3
    return (points - 1.5) / 0.87, points.floor().sum(1).long() % 2


@cache
def _followers() -> Tensor:
    """Return which two tokens may follow each pair of tokens: ``int[12, 12, 2]``."""
    return torch.randint(0, 12, (12, 12, 2), generator=torch.Generator().manual_seed(79))


def chains(samples: int, seed: int) -> Data:
    """Return strings, each token one of two that the last two allow: ``int[n, 8]`` twice."""
    made = _made(seed)
    tokens = torch.randint(0, 12, (samples, 9), generator=made)
    for place in range(2, 9):
        which = torch.randint(0, 2, (samples,), generator=made)
        tokens[:, place] = _followers()[tokens[:, place - 2], tokens[:, place - 1], which]
    return tokens[:, :-1], tokens[:, 1:]


def ridges(samples: int, seed: int) -> Data:
    """Return a bent sum of five of thirty columns: ``float[n, 30]`` and ``float[n, 1]``."""
    made = _made(seed)
    x = torch.randn(samples, 30, generator=made)
    y = 2 * (x[:, 0] + x[:, 1]).tanh() + x[:, 2] * x[:, 3] + x[:, 4]
    return x, ((y + 0.3 * torch.randn(samples, generator=made)) / 2.1)[:, None]
