"""What trainings print, read by one regular expression for each of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.reallogs.oracles.points import Points, Runs, put

_LLMC = re.compile(r"^s:(\d+) (?:(tel|trl):(\S+))(?: lr:(\S+) norm:(\S+))?$", re.MULTILINE)
_SPEEDRUN = re.compile(r"^step:(\d+)/\d+ (.+)$", re.MULTILINE)
_FIELD = re.compile(r"(\w+):(nan|[\d.]+)(?:ms|s)?(?= |$)")
_EPOCH = re.compile(r"^(\S+ \S+) INFO:Epoch (\d+): Train Loss=(\S+), Val Loss=(\S+)$", re.MULTILINE)


def read_llmc(path: Path) -> Runs:
    """Read llm.c's ``main.log``."""
    series: dict[str, Points] = {}
    for step, name, loss, rate, norm in _LLMC.findall(path.read_text()):
        for tag, text in ((name, loss), ("lr", rate), ("norm", norm)):
            if text:
                put(series, tag, int(step), float(text))
    return {"": series}


def read_speedrun(path: Path) -> Runs:
    """Read modded-nanogpt's logs; where a file tells of several runs, each starts at step 0."""
    runs: list[dict[str, Points]] = []
    last = -1
    for step, rest in _SPEEDRUN.findall(path.read_text()):
        if not runs or int(step) < last:
            runs.append({})
        last = int(step)
        for tag, text in _FIELD.findall(rest):
            put(runs[-1], tag, last, float(text))
    if len(runs) == 1:
        return {"": runs[0]}
    return {str(number): series for number, series in enumerate(runs, 1)}


def read_epochs(path: Path) -> Runs:
    """Read lines of Python's ``logging``, which stamps local time; it is taken as UTC."""
    series: dict[str, Points] = {}
    for stamp, epoch, train, held_out in _EPOCH.findall(path.read_text()):
        moment = datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S,%f").replace(tzinfo=UTC)
        for tag, text in (("Train Loss", train), ("Val Loss", held_out)):
            found = series.setdefault(tag, Points([], [], []))
            found.steps.append(int(epoch))
            found.values.append(float(text))
            assert found.times is not None
            found.times.append(moment.timestamp())
    return {"": series}
