"""Asks one tool about many logs, in the environment that has the tools.

    .env-peers/bin/python -m benchmarks.diagnosis.peers.worker runmedic < jobs > rows

A job and a row are each one line of JSON. Imports nothing of advisor, which is not there.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.diagnosis.peers.curves import Said, curves

Job = dict[str, Any]
Row = dict[str, Any]
Ask = Callable[[], list[Said] | None]


def main(tool: str) -> None:
    """Answer every job on standard input."""
    warnings.simplefilter("ignore")
    adapter = importlib.import_module(f"benchmarks.diagnosis.peers.{tool.replace('-', '_')}")
    for line in sys.stdin:
        print(json.dumps(_row(tool, json.loads(line), adapter)), flush=True)


def _row(tool: str, job: Job, adapter: Any) -> Row:
    given = Path(job["path"])
    if not given.exists():
        raise FileNotFoundError(f"{given}: not there to ask {tool} about")
    if job["input"] == "logs":
        ask: Ask = partial(adapter.read, given)
    else:
        ask = partial(adapter.judge, curves(given, by_step=job["by_step"]))
    started = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        found = _asked(ask)
    row = {key: job[key] for key in ("training", "log", "input")}
    return {"tool": tool, **row, **found, "seconds": round(time.perf_counter() - started, 4)}


def _asked(ask: Ask) -> Row:
    """Return the findings, each once; a tool may fail in any way, which is told, not hidden."""
    try:
        found = ask()
    except Exception as error:  # noqa: BLE001  # whatever a foreign tool raises
        return {"read": False, "crashed": f"{type(error).__name__}: {error}"[:200], "findings": []}
    said = [] if found is None else list(dict.fromkeys(tuple(finding) for finding in found))
    return {"read": found is not None, "crashed": "", "findings": said}


if __name__ == "__main__":
    main(sys.argv[1])
