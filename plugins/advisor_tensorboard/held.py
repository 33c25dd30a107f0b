"""What one event file holds, as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor_tensorboard.records import Damage

_Integers = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


class Column(NamedTuple):
    """All points of one tag in one file, in file order; four read-only arrays of one length."""

    steps: _Integers
    values: _Floats
    wall_times: _Floats
    offsets: _Integers
    """``int64[n]``: where the record of each point begins in the file."""
    tensor: bool
    """Whether the first value was stored as a tensor, as TensorFlow 2 does."""


class Name(NamedTuple):
    """The plugin of a tag, and the offset of the event that named it first."""

    plugin: str
    offset: int


class Start(NamedTuple):
    """A writer's start mark: what was logged before it at ``step`` or later is void."""

    step: int
    offset: int


@dataclass
class EventFile:
    """What one event file holds."""

    columns: dict[str, Column] = field(default_factory=dict)
    """By tag, in the order in which the file first holds a point of each."""
    texts: dict[str, str] = field(default_factory=dict)
    """By tag, the texts that were logged once, or always the same."""
    hparams: dict[str, bytes] = field(default_factory=dict)
    """What the hparams plugin stored last, by tag."""
    starts: list[Start] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    names: dict[str, Name] = field(default_factory=dict)
    """By tag, the plugin that some event named for it."""
    varying: set[str] = field(default_factory=set)
    """The tags whose texts were not always the same."""
    end: int | None = 0
    """Where to go on once the file has grown; ``None`` if it must be read whole then."""
