"""The run directory of a probe: ``probe.json``, and an event file for TensorBoard."""

from __future__ import annotations

import re
from pathlib import Path

from advisor.composing.output import write_file
from advisor.errors import UsageError, system_reason
from advisor_probe.results import FILE, Results

SUFFIX = ".advisor-probe"
"""How the name of an event file ends that a probe wrote."""

_EVENTS = re.compile(r"events\.out\.tfevents\..*" + re.escape(SUFFIX))


def is_ours(name: str) -> bool:
    """Tell by its name whether a file is the event file of a probe."""
    return _EVENTS.fullmatch(name) is not None


def prepare(folder: Path) -> None:
    """Make the directory, and remove what an earlier probe left in it, and nothing else.

    Raises ``UsageError`` if that cannot be done.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            if file.name == FILE or is_ours(file.name):
                file.unlink()
    except OSError as error:
        text = "{folder:given}: cannot be written to: {why:given}"
        raise UsageError(text, folder=folder, why=system_reason(error)) from error


def save(folder: Path, results: Results) -> None:
    """Write ``probe.json`` in one step. Raises ``UsageError`` if it cannot be written."""
    write_file(folder / FILE, results.model_dump_json(indent=1) + "\n")
