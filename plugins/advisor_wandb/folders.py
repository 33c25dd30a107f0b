"""Which files make up a run: the ``.wandb`` files of one run, and what W&B puts beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from advisor.language import term
from advisor.reader import Claim, Refusal
from advisor.walk import File, Listing
from advisor_wandb.logfile import FILE_HEADER, MAGIC

SUFFIX = ".wandb"
CONFIG = "files/config.yaml"
_FOLDER = re.compile(r"(?:offline-)?run-(\d{8}_\d{6})-(.+)")
"""What W&B calls the folder of a run: when it began, and its id."""
_BESIDE = (
    CONFIG, "files/output.log", "files/requirements.txt", "files/wandb-events.jsonl",
    "files/wandb-history.jsonl", "files/wandb-metadata.json", "files/wandb-summary.json",
    "logs/debug-core.log", "logs/debug-internal.log", "logs/debug.log",
)  # fmt: skip
"""What W&B itself puts into the folder of a run. It is the same run told again, and no other
reader shall make a second run of it."""


def claims(listing: Listing, reader: str) -> Iterator[Claim | Refusal]:
    """Claim the ``.wandb`` files of a listing: those of one run id in one directory together."""
    runs: dict[tuple[str, str], list[File]] = {}
    for file in listing.files:
        if file.name.endswith(SUFFIX) or file.head.startswith(MAGIC):
            refused = _refusal(file)
            if refused:
                yield refused
            else:
                runs.setdefault(_key(file), []).append(file)
    found = list(runs.values())
    shared = Counter(file.folder for files in found for file in files)
    for files in found:
        files.sort(key=lambda file: _order(file.path))
        alone = shared[files[0].folder] == 1 and not listing.named
        root = files[0].folder if alone else files[0].path.removesuffix(SUFFIX)
        paths = {file.path for file in files} | set(_companions(listing, files))
        proof = "header of a W&B run file"
        yield Claim(reader, root, tuple(sorted(paths)), proof, certainty=98)


def in_order(files: tuple[str, ...]) -> list[str]:
    """Return the ``.wandb`` files among the files of a claim, the earliest first."""
    return sorted((f for f in files if not _companion(f)), key=_order)


def config_beside(file: str) -> str:
    """Return where the settings lie that belong to a ``.wandb`` file."""
    return _beside(_folder(file), CONFIG)


def _companion(path: str) -> bool:
    return path.endswith(_BESIDE)


def _companions(listing: Listing, files: list[File]) -> Iterator[str]:
    for file in files:
        for name in _BESIDE:
            path = _beside(file.folder, name)
            if path in listing.by_path:
                yield path


def _key(file: File) -> tuple[str, str]:
    """Return what the files of one run share; any other file stands by itself."""
    above, _, own = file.folder.rpartition("/")
    run = file.name.removeprefix("run-").removesuffix(SUFFIX)
    named = _FOLDER.fullmatch(own)
    # Of two folders made in one second the later is numbered.
    if named and re.fullmatch(rf"{re.escape(run)}(-\d+)?", named[2]):
        return above, run
    return file.path, ""


def _order(path: str) -> tuple[str, int, str]:
    """Sort key of ``.wandb`` files: when they were begun."""
    named = _FOLDER.fullmatch(_folder(path).rpartition("/")[2])
    return (named[1], len(named[2]), path) if named else ("", 0, path)


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _beside(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _refusal(file: File) -> Refusal | None:
    if not file.size:
        return Refusal(file.path, term("is empty"), term("delete it: the run crashed at its start"))
    if file.head.startswith(b"version https://git-lfs"):
        return Refusal(
            file.path, term("a Git LFS pointer, not the file itself"), term("run `git lfs pull`")
        )
    if not file.head.startswith(MAGIC):
        return Refusal(
            file.path,
            term("does not begin with the header of a W&B run file"),
            term("copy the file again from the machine that wrote it"),
        )
    if file.size <= FILE_HEADER:
        return Refusal(
            file.path,
            term(
                "holds only the header of a W&B run file: the run crashed at its start, "
                "nothing was logged"
            ),
            term("delete the folder of the run, or start the run again"),
        )
    return None
