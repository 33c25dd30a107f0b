"""What is kept of an event file in order to go on in it, and back."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator

import numpy as np

from advisor.reader import Progress
from advisor_tensorboard.held import Column, EventFile, Name, Start
from advisor_tensorboard.records import Damage, Loss

_COLUMNS = ("steps", "values", "wall_times", "offsets")


def kept(held: EventFile) -> Progress | None:
    """Return what is to be kept of a file; ``None`` if it must be read whole the next time."""
    if not held.end:
        return None
    words = {
        "tags": [(tag, len(one.steps), one.tensor) for tag, one in held.columns.items()],
        "texts": held.texts,
        "hparams": {tag: b64encode(raw).decode() for tag, raw in held.hparams.items()},
        "starts": held.starts,
        "damage": [one for one in held.damage if one.offset < held.end],
        "names": held.names,
        "varying": sorted(held.varying),
    }
    columns = {
        name: np.concatenate([getattr(one, name) for one in held.columns.values()])
        for name in (_COLUMNS if held.columns else ())
    }
    return Progress(held.end, words, columns)


def known(progress: Progress) -> EventFile:
    """Return the file as it was read before."""
    words = progress.words
    return EventFile(
        columns=dict(_columns(progress)),
        texts=words["texts"],
        hparams={tag: b64decode(raw) for tag, raw in words["hparams"].items()},
        starts=[Start(*one) for one in words["starts"]],
        damage=[Damage(Loss(loss), offset, lost) for loss, offset, lost in words["damage"]],
        names={tag: Name(*one) for tag, one in words["names"].items()},
        varying=set(words["varying"]),
        end=progress.offset,
    )


def _columns(progress: Progress) -> Iterator[tuple[str, Column]]:
    """Split the columns, which hold all tags one behind the other."""
    begin = 0
    for tag, length, tensor in progress.words["tags"]:
        rows = slice(begin, begin + length)
        parts = {name: progress.columns[name][rows] for name in _COLUMNS}
        yield tag, Column(**parts, tensor=tensor)
        begin += length
