"""The runs of a file store: folders with a ``meta.yaml`` that names a run, and what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advisor.formats.plain import NotPlain, from_yaml
from advisor.language import term
from advisor.reader import Claim, Refusal
from advisor.walk import File, Listing
from advisor_mlflow.left_out import DELETED, EMPTY, LeftOut

META = "meta.yaml"
METRICS, PARAMS = "metrics", "params"
_PARTS = frozenset({METRICS, PARAMS})
_RUN = re.compile(rb"^run_(uu)?id:", re.MULTILINE)
_EXPERIMENT = re.compile(rb"^artifact_location:", re.MULTILINE)
_STAGE = re.compile(rb"^lifecycle_stage:", re.MULTILINE)


def claims(listing: Listing, reader: str) -> Iterator[Claim | Refusal]:
    """Claim each run's folder; say which runs are left out, and why."""
    metas = [file for file in listing.files if file.name == META and _STAGE.search(file.head)]
    runs = [file for file in metas if _RUN.search(file.head)]
    left_out = LeftOut()
    below = _contents(listing, {run.folder for run in runs})
    for run in runs:
        files = below.get(run.folder, [])
        above = run.folder.rpartition("/")[0]
        if _deleted(run.head):
            left_out.add(DELETED, above, run.path)
        elif not any(inside(run.folder, path, METRICS) for path in files):
            left_out.add(EMPTY, above, run.path)
        else:
            paths = tuple(sorted({run.path, *files}))
            yield Claim(reader, run.folder, paths, "meta.yaml of an MLflow run", certainty=95)
    yield from left_out.refusals()
    if not runs:
        yield from (_lone(file) for file in metas if _EXPERIMENT.search(file.head))


def inside(folder: str, path: str, part: str) -> str:
    """Return the path below a part of a run's folder, which is its key; empty if not there."""
    start = part + "/" if folder == "." else f"{folder}/{part}/"
    return path.removeprefix(start) if path.startswith(start) else ""


def _contents(listing: Listing, folders: set[str]) -> dict[str, list[str]]:
    """Return the files of each run, without its artifacts: other readers may know those."""
    found: dict[str, list[str]] = {}
    for file in listing.files:
        folder = _home(file.path, folders)
        if folder is not None:
            found.setdefault(folder, []).append(file.path)
    return found


def _home(path: str, folders: set[str]) -> str | None:
    """Return the run whose metric or parameter a file is; a key with slashes lies further down."""
    parts = path.split("/")
    homes = ("/".join(parts[:at]) or "." for at in range(len(parts) - 1) if parts[at] in _PARTS)
    return next((home for home in homes if home in folders), None)


def _deleted(head: bytes) -> bool:
    try:
        meta = from_yaml(head.decode("utf-8", "replace"))
    except NotPlain:
        return False
    return isinstance(meta, dict) and meta.get("lifecycle_stage") == "deleted"


def _lone(file: File) -> Refusal:
    return Refusal(
        file.path,
        term("describes an MLflow experiment, and none of its runs is here"),
        term("copy the whole `mlruns` folder from the machine that wrote it"),
    )
