"""The data sets that scikit-learn ships, split and scaled for small trainings."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.feature_extraction.image import PatchExtractor
from sklearn.model_selection import train_test_split
from torch import Tensor

Table = tuple[NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Training and validation data.

    ``train_x`` and ``val_x`` are float32 with samples first; ``train_y`` and ``val_y`` are int64
    classes of shape (n,), or float32 targets of the shape that the model puts out.
    """

    train_x: Tensor
    train_y: Tensor
    val_x: Tensor
    val_y: Tensor


def _split(x: NDArray[Any], y: NDArray[Any], seed: int, held_out: float, classes: bool) -> Split:
    parts = train_test_split(
        x, y, test_size=held_out, random_state=seed, stratify=y if classes else None
    )
    kind = np.int64 if classes else np.float32
    train_x, val_x = (torch.from_numpy(part.astype(np.float32)) for part in parts[:2])
    train_y, val_y = (torch.from_numpy(part.astype(kind)) for part in parts[2:])
    return Split(train_x, train_y, val_x, val_y)


def _standardized(split: Split) -> Split:
    """Scale every feature by the mean and deviation of the training part."""
    mean, deviation = split.train_x.mean(0), split.train_x.std(0)
    deviation = deviation.clamp_min(1e-6)
    return replace(
        split,
        train_x=(split.train_x - mean) / deviation,
        val_x=(split.val_x - mean) / deviation,
    )


def digits(seed: int, held_out: float = 0.25) -> Split:
    """Return 1797 digits as rows of 64 pixels in 0..1, with their classes 0..9."""
    x, y = datasets.load_digits(return_X_y=True)
    return _split(x / 16.0, y, seed, held_out, classes=True)


def digit_images(seed: int, held_out: float = 0.25) -> Split:
    """Return the digits as images of shape (n, 1, 8, 8)."""
    split = digits(seed, held_out)
    return replace(
        split,
        train_x=split.train_x.view(-1, 1, 8, 8),
        val_x=split.val_x.view(-1, 1, 8, 8),
    )


def eights(seed: int) -> Split:
    """Return the digits with class 1 for an eight (one in ten) and 0 for all others."""
    x, y = datasets.load_digits(return_X_y=True)
    return _split(x / 16.0, y == 8, seed, held_out=0.25, classes=True)


def _table(load: Callable[..., Table], seed: int, held_out: float) -> Split:
    x, y = load(return_X_y=True)
    return _split(x, y, seed, held_out, classes=True)


def wine(seed: int) -> Split:
    """Return 178 wines: 13 scaled features, 3 classes."""
    return _standardized(_table(datasets.load_wine, seed, held_out=0.3))


def iris(seed: int) -> Split:
    """Return 150 irises: 4 scaled features, 3 classes."""
    return _standardized(_table(datasets.load_iris, seed, held_out=0.3))


def breast_cancer(seed: int) -> Split:
    """Return 569 tumours: 30 scaled features, class 1 for benign (63 %)."""
    return _standardized(_table(datasets.load_breast_cancer, seed, held_out=0.4))


def diabetes(seed: int) -> Split:
    """Return 442 patients: 10 scaled features, one target of mean 0 and deviation 1."""
    x, y = datasets.load_diabetes(return_X_y=True)
    target = ((y - y.mean()) / y.std())[:, None]
    return _standardized(_split(x, target, seed, held_out=0.3, classes=False))


def raw_diabetes(seed: int) -> Split:
    """Return the patients as measured: features up to 300, a target from 25 to 346."""
    x, y = datasets.load_diabetes(return_X_y=True, scaled=False)
    return _split(x, y[:, None], seed, held_out=0.3, classes=False)


def patches(seed: int) -> Split:
    """Return 2000 grey 8 by 8 patches of a photograph in 0..1; the target is the patch itself."""
    grey = datasets.load_sample_image("china.jpg").mean(2, dtype=np.float64) / 255.0
    extractor = PatchExtractor(patch_size=(8, 8), max_patches=2000, random_state=seed)
    flat = extractor.transform(grey[None]).reshape(-1, 64)
    return _split(flat, flat, seed, held_out=0.25, classes=False)


def with_wrong_labels(split: Split, keep: int, share: float, seed: int) -> Split:
    """Keep ``keep`` training samples and give ``share`` (0..1) of them a random class."""
    generator = torch.Generator().manual_seed(seed)
    labels = split.train_y[:keep].clone()
    wrong = torch.rand(keep, generator=generator) < share
    classes = int(labels.max()) + 1
    labels[wrong] = torch.randint(classes, (int(wrong.sum()),), generator=generator)
    return replace(split, train_x=split.train_x[:keep], train_y=labels)
