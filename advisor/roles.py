"""What each series means: roles, splits, directions and the task, as data."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from advisor.model import Document


class Kind(StrEnum):
    """What a series measures."""

    LOSS = "loss"
    METRIC = "metric"
    LEARNING_RATE = "lr"
    GRADIENT_NORM = "grad_norm"
    RETURN = "return"
    EPOCH = "epoch"
    PROBE = "probe"
    """What a diagnostic training measured: such a series is a role of its own, named by its tag."""
    OTHER = "other"


_PERCENT = re.compile(r"(?:pct|perc|percent|percentage|%)[)\]]?$", re.IGNORECASE)
PROBE = "advisor-probe/"
"""How the tags of what a probe measured begin."""


class Split(StrEnum):
    """Which data a series was measured on."""

    TRAIN = "train"
    VALIDATION = "val"
    TEST = "test"
    NONE = ""


KEYS = tuple(f"{split.value}/{kind.value}".lstrip("/") for split in Split for kind in Kind)
"""Every role by what rules and settings call it: ``train/loss``, ``val/metric``, ``lr``."""


class Task(StrEnum):
    """What is being learned; rules declare the tasks they hold for."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    LANGUAGE_MODEL = "language model"
    REINFORCEMENT = "reinforcement learning"
    GAN = "GAN"
    UNKNOWN = "unknown"


Direction = Literal["min", "max"]


class Role(Document):
    """The meaning of one series, and how it was understood."""

    series: str
    """The tag as logged."""
    kind: Kind
    split: Split = Split.NONE
    named_split: Split = Split.NONE
    """The split that the tag itself names. It differs from ``split`` where another stands in:
    test data that serve as validation, a loss without a split beside ``val_loss``."""
    quantity: str = ""
    """What is measured, canonical: ``loss``, ``accuracy``, ``f1``, ``box_loss``."""
    direction: Direction | None = None
    """The better direction; ``None`` where it is not known."""
    layer: str = ""
    """For a gradient norm: the layer; empty for the whole model."""
    twin: Literal["", "step", "epoch"] = ""
    """Whether this is the per-step or the per-epoch form of a quantity logged both ways."""
    part: bool = False
    """True for one term of a loss that is logged in several parts."""
    primary: bool = False
    """True for the series that a rule gets when it asks for this role."""
    how: str = ""
    """What decided it: ``name``, ``folder validation``, ``settings``."""

    @property
    def key(self) -> str:
        """What rules ask for: ``train/loss``, ``val/metric``, ``lr``, ``grad_norm``."""
        return self.series if self.kind is Kind.PROBE else _key(self.split, self.kind)


@lru_cache
def _key(split: Split, kind: Kind) -> str:
    return f"{split.value}/{kind.value}" if split else kind.value


class Objective(Document):
    """The one quantity that a run is judged by, and how it was chosen."""

    series: str
    direction: Direction
    how: str
    weak: bool = False
    """True where only a training loss is left to judge by."""

    @property
    def in_percent(self) -> bool:
        """Whether the name ends with a word for per cent: ``val/err_pct``."""
        return _PERCENT.search(self.series) is not None


class Understanding(Document):
    """How a run was understood: the meaning of its series, its task and its objective."""

    roles: tuple[Role, ...]
    """One for every series, in the run's order."""
    task: Task
    task_evidence: str
    """What showed the task, in words; empty when unknown."""
    objective: Objective | None
    ambiguous: tuple[str, ...] = ()
    """What could not be decided, in sentences."""

    def primary(self, key: str) -> Role | None:
        """Return the series that stands for a role, such as ``val/loss``."""
        return next((r for r in self.roles if r.primary and r.key == key), None)
