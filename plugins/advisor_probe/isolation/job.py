"""What a child process is given to do, within which limits, and how it may end."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from advisor.model import Document, Value


class Setting(Document):
    """One thing that is set."""

    where: Literal["settings", "optimizer"]
    """What of the target holds it."""
    path: str
    value: Value


class Training(Document):
    """One training of the target, as it is or with some things set."""

    settings: tuple[Setting, ...] = ()
    """What is set, all of it together; nothing for the target as it is."""
    seed: int
    checkpoints: tuple[int, ...]
    """Steps with the settings as they are after which the held-out loss is taken, in order; the
    last one ends the training."""
    batch: int = 0
    """Samples of a batch with the settings as they are: a step counts as so many samples,
    whatever the size of the batches then. 0 counts batches instead."""
    held: int
    """Samples that losses are taken of; 0 takes all of the batches looked at."""


class Job(Document):
    """One probe on one target, the event file of what was measured, or one training."""

    target: str = ""
    """``package.module:name`` or ``path/file.py:name``."""
    probe: str = ""
    events: str = ""
    """A run directory whose event file is to be written, instead of a probe."""
    describe: bool = False
    """Whether to say what of the target can be set, instead of a probe."""
    training: Training | None = None
    """A training to carry out, instead of a probe."""
    device: str = "auto"
    seed: int = 0
    shrink: int = 1
    """Batches are cut to their size divided by this: an answer to a lack of memory."""


class Limits(NamedTuple):
    """What a child may use."""

    seconds: float = 120.0
    megabytes: int | None = None
    """Resident memory of the child and all that it starts; ``None`` means no limit."""
    grace: float = 2.0
    """Seconds between asking a child to end and ending it."""
    output: int = 1 << 16
    """Bytes of what it prints that are kept."""


class How(StrEnum):
    """How a child ended."""

    DONE = "done"
    SKIPPED = "skipped"
    """The probe does not apply to this target."""
    TARGET = "target"
    """The target is not what it must be."""
    ERROR = "error"
    """The user's code raised."""
    MEMORY = "memory"
    TIME = "time"
    EXIT = "exit"
    """The user's code ended the process."""
    CRASH = "crash"
    """A signal ended it."""


class Ending(NamedTuple):
    """How a child ended, in words."""

    how: How
    text: str = ""
    """One sentence; empty where all went well."""
    trace: str = ""
    """The user's own traceback."""
    output: str = ""
    """What the child printed, at most so much as the limits say."""


def line(kind: str, **content: Any) -> bytes:
    """Write a message to the parent; values are plain, and may be NaN or infinite."""
    return (json.dumps({"kind": kind, **content}) + "\n").encode()
