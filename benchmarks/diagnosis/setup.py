"""What one training does, as plain values: the same setup gives the same training."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

SOURCES = ("data.py", "synthetic.py", "second_draw_data.py", "third_draw_data.py",
           "fourth_draw_data.py", "fifth_draw_data.py", "sixth_draw_data.py",
           "seventh_draw_data.py", "eighth_draw_data.py", "ninth_draw_data.py",
           "tenth_draw_data.py", "text.py", "layers.py", "models.py", "second_draw_models.py",
           "third_draw_models.py", "fourth_draw_models.py", "fifth_draw_models.py",
           "sixth_draw_models.py", "seventh_draw_models.py", "eighth_draw_models.py",
           "ninth_draw_models.py", "tenth_draw_models.py", "schedules.py",
           "training.py")  # fmt: skip
"""The modules that decide what comes out of a training."""


@dataclass(frozen=True, slots=True)
class Setup:
    """One training. Shares (0..1), counts, and names that other modules resolve."""

    problem: str
    model: str
    seed: int
    epochs: int
    batch_size: int
    learning_rate: float
    optimizer: str = "adamw"
    momentum: float = 0.9
    """Of SGD."""
    weight_decay: float = 1e-3
    schedule: str = "cosine"
    """A name in ``schedules``."""
    warmup: float = 0.0
    """Share of all steps over which the rate rises from 0."""
    hidden: int = 32
    depth: int = 2
    activation: str = "relu"
    init: str = "default"
    """``default``, ``zero``, ``dead`` (biases of -10) or ``huge`` (last layer times 30)."""
    dropout: float = 0.0
    input_noise: float = 0.0
    """Standard deviation of the noise added to inputs in training."""
    label_noise: float = 0.0
    """Share of the training targets that are drawn anew."""
    label_smoothing: float = 0.0
    rare: float = 0.0
    """Share of class 1 left of the others, as in imbalanced data; 0 leaves all."""
    likelihood: bool = False
    """Regression by a Gaussian's negative log-likelihood, with the scale learned."""
    clip: float = 0.0
    """Bound of the gradient norm; 0 for none."""
    average: float = 0.0
    """Decay of the averaged weights that validation uses; 0 for none."""
    patience: int = 0
    """Epochs without a better validation after which training ends; 0 for never."""
    samples: int = 0
    """Training samples that are kept; 0 for all."""
    input_scale: float = 1.0
    """The largest factor by which input columns are out of scale."""
    pretrained: int = 0
    """Epochs trained beforehand, on the first half of the data, without a log."""
    cut: float = 1.0
    """Share of the steps of the schedule after which training is ended."""
    bugs: tuple[str, ...] = ()

    def changed(self, **changes: Any) -> Setup:
        """Return this setup with some values changed."""
        return replace(self, **changes)

    @property
    def id(self) -> str:
        """A name that follows from the values and from the code that trains."""
        text = json.dumps([asdict(self), _code()], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        return f"{self.problem}-{self.model}-{self.seed}-{digest}"


def digest(modules: Iterable[str]) -> str:
    """Return a digest of what modules beside this one do; neither comments nor layout change it."""
    parts = [parsed(Path(__file__).with_name(name)) for name in modules]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


_code = cache(lambda: digest(SOURCES))


def parsed(file: Path) -> str:
    """Return what a module does, in a form that neither comments nor layout change."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [part for part in node.body if not _is_text(part)]
    return ast.dump(tree)


def _is_text(part: ast.AST) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
