"""``probe.json``: everything that a probe measured, and what became of each probe.

It holds neither clock nor host: the same seed gives the same file on a CPU, except where the
throughput itself is what is measured.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from advisor.model import Document, Value
from advisor.notes import NoteKind, note
from advisor.roles import PROBE
from advisor.run import ConfigValue, Run, Series
from advisor.version import __version__

FILE = "probe.json"
STOPPED = "stopped"
"""What became of a probe that Ctrl-C ended: what it measured is partial."""
SOURCE = "advisor probe"


class Points(Document):
    """One measured curve."""

    steps: tuple[int, ...] = ()
    values: tuple[float, ...] = ()


class Ran(Document):
    """What became of one probe."""

    name: str
    outcome: str
    """``done``, ``left-out``, ``skipped``, ``stopped``, or how it failed."""
    text: str = ""
    """Why it did not end as ``done``."""


class Results(Document):
    """The content of ``probe.json``."""

    kind: Literal["advisor-probe"] = "advisor-probe"
    version: Literal[1] = 1
    advisor: str = __version__
    target: str = ""
    device: str = "auto"
    seed: int = 0
    interrupted: bool = False
    probes: tuple[Ran, ...] = ()
    facts: dict[str, Value] = Field(default_factory=dict)
    """What was seen and is no number, by ``probe.name``."""
    series: dict[str, Points] = Field(default_factory=dict)
    """By ``probe/quantity``."""


def to_run(results: Results, name: str, file: str = FILE) -> Run:
    """Return the run that rules judge: a series for each curve, and the facts as its config.

    What a stopped probe measured is left out: of half a measurement a rule may say anything.
    """
    partial = {ran.name for ran in results.probes if ran.outcome == STOPPED}
    return Run(
        name=name,
        series={
            f"{PROBE}{tag}": _series(tag, points)
            for tag, points in results.series.items()
            if tag.partition("/")[0] not in partial
        },
        config={
            path: ConfigValue(value=value, origin=f"{file}:facts.{path}")
            for path, value in results.facts.items()
        },
        source=SOURCE,
        files=(file,),
        notes=(note(NoteKind.UNFINISHED),) if results.interrupted else (),
    )


def _series(tag: str, points: Points) -> Series:
    count = min(len(points.steps), len(points.values))
    steps = np.array(points.steps[:count], dtype=np.int64)
    return Series(f"{PROBE}{tag}", steps, np.array(points.values[:count], dtype=np.float64))
