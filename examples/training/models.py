"""The small networks that the examples train."""

from itertools import pairwise

from torch import Tensor, nn


def mlp(widths: tuple[int, ...], dropout: float = 0.0) -> nn.Sequential:
    """Return linear layers of the given widths, inputs first, with ReLU and dropout between."""
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths[:-1]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def digit_cnn() -> nn.Sequential:
    """Return a convolutional classifier of (n, 1, 8, 8) images into ten classes."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.25),
        nn.Linear(512, 10),
    )


def autoencoder() -> nn.Sequential:
    """Return an autoencoder of 64 pixels through 12 values."""
    encoder = (nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 12))
    decoder = (nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 64))
    return nn.Sequential(*encoder, *decoder)


def accuracy(output: Tensor, target: Tensor) -> float:
    """Return the share (0..1) of rows whose largest output is the target class."""
    return (output.argmax(1) == target).float().mean().item()
