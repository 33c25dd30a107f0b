"""Which directories are one run.

Three kinds of sub-directories are no runs of their own: those that ``add_scalars`` makes for
each line of a chart, those that ``add_hparams`` makes for its values, and the ``train`` and
``validation`` directories of one run. Names alone only tell what must be read together; what
is in the files then decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from advisor_tensorboard.part import Part, related
from advisor_tensorboard.sniff import Sniffed

TRAIN = frozenset({"train", "training"})
HELD_OUT = frozenset({"validation", "valid", "val", "eval", "evaluation", "test", "testing"})


def families(sniffed: Iterable[Sniffed]) -> dict[str, list[Sniffed]]:
    """Group files by the topmost directory with which theirs may form one run."""
    folders: dict[str, list[Sniffed]] = {}
    for found in sniffed:
        folders.setdefault(found.file.folder, []).append(found)
    groups: dict[str, list[Sniffed]] = {}
    for folder, held in folders.items():
        groups.setdefault(_top(folder, folders), []).extend(held)
    return groups


def join(parts: Mapping[str, Part]) -> list[Part]:
    """Join the directories of a family into runs, sorted by name."""
    left = dict(parts)
    for folder in sorted(parts, key=lambda path: (-path.count("/"), path)):
        part = left[folder]
        home = _scalars_home(part, left) or _hparams_home(part, left)
        if home is not None:
            del left[folder]
    for parent in sorted({_parent(folder) for folder in left if _last(folder) in TRAIN | HELD_OUT}):
        _join_splits(parent, left)
    return [left[folder] for folder in sorted(left)]


def line_of(path: str, tag: str) -> str | None:
    """Return the name of the line if ``path`` is where ``add_scalars(tag, ...)`` writes it.

    torch writes to ``<tag with _ for />_<name>`` and tensorboardX to ``<tag>/<name>``, both
    below the writer's directory; tensorboardX also puts ``_`` for unusual letters in the tag.
    """
    spelled, plain = _cleaned(path), _cleaned(tag)
    for start in (f"{plain}/", f"{plain.replace('/', '_')}_"):
        if tag and spelled.startswith(start) and len(spelled) > len(start):
            return path[len(start) :]
    return None


def _top(folder: str, folders: Mapping[str, list[Sniffed]]) -> str:
    """Follow the links upwards to a directory that has none."""
    while folder != ".":
        above = _linked(folder, folders)
        if above is None:
            break
        folder = above
    return folder


def _linked(folder: str, folders: Mapping[str, list[Sniffed]]) -> str | None:
    held = folders.get(folder, [])
    tags = {tag for found in held for tag in found.tags}
    if any(found.hparams for found in held) and _parent(folder) in folders:
        return _parent(folder)
    for above in _ancestors(folder):
        if len(tags) == 1 and above in folders and line_of(_below(folder, above), *tags):
            return above
    return _parent(folder) if _last(folder) in TRAIN | HELD_OUT else None


def _scalars_home(part: Part, parts: Mapping[str, Part]) -> Part | None:
    """Move a line of ``add_scalars`` into the run of its writer, and return that."""
    if len(part.series) != 1:
        return None
    (tag,) = part.series
    for above in _ancestors(part.folder):
        line = line_of(_below(part.folder, above), tag) if above in parts else None
        if line:
            parts[above].absorb(part, {tag: f"{tag}/{line}"})
            return parts[above]
    return None


def _hparams_home(part: Part, parts: Mapping[str, Part]) -> Part | None:
    """Move what ``add_hparams`` stored into the run of its writer, and return that.

    It holds one value of each metric at most; a trial of a search has curves of its own.
    """
    home = parts.get(_parent(part.folder)) if part.folder != "." else None
    if home is None or not part.session or not home.series:
        return None
    if any(len(series) > 1 for series in part.series.values()):
        return None
    home.absorb(part, {})
    return home


def _join_splits(parent: str, parts: dict[str, Part]) -> None:
    below = [part for folder, part in parts.items() if folder != "." and _parent(folder) == parent]
    train = [part for part in below if part.name in TRAIN]
    held_out = [part for part in below if part.name in HELD_OUT]
    own = parts.get(parent)
    keras = any(part.keras for part in train + held_out)
    if not keras and not any(related(one, other) for one in train for other in held_out):
        train = []
        held_out = [part for part in held_out if own and _estimator(own, part)]
    if train or held_out:
        home = parts.setdefault(parent, Part(parent))
        for part in train + held_out:
            home.absorb(part, {tag: _prefixed(part.name, tag) for tag in part.series})
            del parts[part.folder]


def _estimator(own: Part, part: Part) -> bool:
    """Whether ``part`` is the evaluation of a training that logged to the directory above."""
    shared = not own.series.keys().isdisjoint(part.series)
    return shared and related(own, part, at_once=True)


def _prefixed(split: str, tag: str) -> str:
    """Put the name of a split before a tag that does not begin with it."""
    return tag if tag.startswith(f"{split}/") else f"{split}/{tag}"


def _ancestors(folder: str) -> Iterator[str]:
    while folder != ".":
        folder = _parent(folder)
        yield folder


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0] or "."


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]


def _below(folder: str, above: str) -> str:
    return folder if above == "." else folder[len(above) + 1 :]


def _cleaned(name: str) -> str:
    return re.sub(r"[^-/\w.]", "_", name)
