"""Real log files for the checks of readers: written into a folder of their own, then read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy.typing as npt

from advisor.reader import Claim, Reader
from advisor.run import Run, Series
from advisor.testing.checks import broken
from advisor.walk import Listing, walk

HEAVY = (
    "comet_ml", "jax", "keras", "lightning", "matplotlib", "mlflow", "pandas", "polars", "pyarrow",
    "pytorch_lightning", "scipy", "sklearn", "tensorboard", "tensorflow", "torch", "transformers",
    "wandb",
)  # fmt: skip
"""Packages that take so long to import, or so much memory, that only reading may do it."""

IMPORT_SECONDS = 60.0
"""The longest that importing a reader and claiming its samples may take."""


@dataclass(frozen=True)
class ReaderCase:
    """A reader with samples of its format."""

    reader: Reader
    samples: Path | Callable[[Path], object]
    """A folder of logs, or a function that writes logs into the folder that it gets."""
    points: int
    """How many values the samples hold, over all runs and series."""


@contextmanager
def sample_tree(case: ReaderCase, *below: str) -> Iterator[Listing]:
    """Put the samples into a new folder (in ``below``, from its root) and list that tree."""
    with tempfile.TemporaryDirectory(prefix="advisor-samples-") as folder:
        root = Path(folder).resolve()
        place = root.joinpath(*below)
        place.mkdir(parents=True, exist_ok=True)
        fill(place, case)
        yield walk(root)


def fill(place: Path, case: ReaderCase) -> None:
    """Put the samples into a folder that is there."""
    if isinstance(case.samples, Path):
        shutil.copytree(case.samples, place, dirs_exist_ok=True)
    else:
        case.samples(place)


def claims_of(reader: Reader, listing: Listing) -> list[Claim]:
    """Return what a reader claims of a tree, as the engine passes it on for reading."""
    claims = [claim for claim in reader.claim(listing) if isinstance(claim, Claim)]
    return [replace(claim, base=listing.base) for claim in claims]


def read_all(reader: Reader, listing: Listing) -> list[Run]:
    """Return all runs of a tree."""
    return [run for claim in claims_of(reader, listing) for run in reader.read(claim)]


def content_of(run: Run) -> tuple[object, ...]:
    """Return everything that a run holds, as something that can be compared."""
    series = [
        (tag, one.axis, *(None if a is None else a.tobytes() for a in _arrays(one)))
        for tag, one in run.series.items()
    ]
    config = {path: entry.model_dump_json() for path, entry in run.config.items()}
    return run.name, run.source, run.files, run.notes, config, series


def _arrays(series: Series) -> Iterator[npt.NDArray[Any] | None]:
    yield from (series.steps, series.values, series.wall_times, series.segments)


def contents(listing: Listing) -> list[tuple[Path, bytes]]:
    """Return the files of a tree that are not empty, with their bytes."""
    return [(file.absolute, data) for file in listing.files if (data := file.absolute.read_bytes())]


def offsets(size: int, count: int) -> list[int]:
    """Return places in a file: its first and last bytes, and others spread evenly between."""
    spread = [size * i // count for i in range(count)]
    return sorted({i for i in (*spread, *range(12), *range(size - 12, size)) if 0 <= i < size})


_PROBE = """
import importlib, json, sys
from pathlib import Path
path, name, file, kind, logs, heavy = json.loads(sys.argv[1])
sys.path[:] = path
try:
    module = importlib.import_module(name)
except ImportError:
    from advisor.manager import load_file
    module = load_file(Path(file))
from advisor.walk import walk
list(getattr(module, kind)().claim(walk(Path(logs))))
print(json.dumps(sorted(set(heavy) & set(sys.modules))))
"""


def heavy_after_claim(reader: Reader, logs: Path) -> list[str]:
    """Return the heavy packages that importing a reader and claiming ``logs`` loads.

    It is tried in a new process, with a reader that is made without arguments.
    """
    kind = type(reader)
    file = getattr(sys.modules[kind.__module__], "__file__", "")
    told = (sys.path, kind.__module__, file, kind.__qualname__, str(logs), HEAVY)
    done = subprocess.run(  # noqa: S603  # this interpreter, with the code above
        [sys.executable, "-c", _PROBE, json.dumps(told)],
        capture_output=True,
        text=True,
        timeout=IMPORT_SECONDS,
        check=False,
    )
    if done.returncode:
        broken(f"it cannot be imported and asked in a new process: {done.stderr.strip()[-300:]}")
    return list(json.loads(done.stdout.splitlines()[-1]))
