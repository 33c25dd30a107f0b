"""Writing reports: which formats, to where, and never half a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from advisor.errors import UsageError, known_names, nearest, system_reason
from advisor.renderer import Renderer

STEM = "advisor-report"
"""The name of a report that is written into a directory, before the suffix."""
STDOUT = "-"


@dataclass(frozen=True)
class Output:
    """One report to write: in which format, and where; no path means standard output."""

    renderer: Renderer
    path: Path | None


def plan_outputs(
    formats: Sequence[str], targets: Sequence[str], renderers: Mapping[str, Renderer]
) -> tuple[Output, ...]:
    """Settle what ``--format`` and ``-o`` ask for. Raises ``UsageError``.

    * ``-o page.html`` alone takes the format from the suffix.
    * ``--format html -o page.html``: one format, one file; of several each has its own.
    * ``--format html,markdown -o reports``: a directory takes one file a format.
    * without ``-o``, or with ``-o -``, the one format goes to standard output.
    """
    chosen = [_renderer(name, renderers) for name in formats]
    if not targets:
        if len(chosen) > 1:
            raise UsageError("several formats need a directory to be written to: give -o DIR")
        return tuple(Output(renderer, None) for renderer in chosen)
    if targets.count(STDOUT) > 1:
        raise UsageError("-o -: only one format can go to standard output")
    if not chosen:
        return tuple(_by_suffix(Path(t), renderers) for t in targets if t != STDOUT)
    if len(targets) == 1 and _is_directory(targets[0], chosen):
        folder = Path(targets[0])
        return tuple(Output(renderer, folder / f"{STEM}{renderer.suffix}") for renderer in chosen)
    if len(targets) != len(chosen):
        raise UsageError(
            "--format names {formats:step}, -o {files:step}: give one -o DIR, or one -o FILE for "
            "each format",
            formats=len(chosen),
            files=len(targets),
        )
    return tuple(_one(r, target) for r, target in zip(chosen, targets, strict=True))


def _one(renderer: Renderer, target: str) -> Output:
    return Output(renderer, None if target == STDOUT else Path(target))


def _is_directory(target: str, chosen: Sequence[Renderer]) -> bool:
    if target == STDOUT:
        return False
    return target.endswith(("/", os.sep)) or Path(target).is_dir() or len(chosen) > 1


def _renderer(name: str, renderers: Mapping[str, Renderer]) -> Renderer:
    if name not in renderers:
        hint = nearest(name, renderers) or known_names(sorted(renderers))
        text = "--format: no format is named '{name:given}'{hint:sentence}"
        raise UsageError(text, name=name, hint=hint)
    return renderers[name]


def _by_suffix(path: Path, renderers: Mapping[str, Renderer]) -> Output:
    for renderer in renderers.values():
        if renderer.suffix == path.suffix:
            return Output(renderer, path)
    known = ", ".join(sorted(renderer.suffix for renderer in renderers.values()))
    text = "-o {path:given}: the suffix names no format (known: {known:given}); give --format"
    raise UsageError(text, path=path, known=known)


def write_file(path: Path, text: str) -> None:
    """Write a file in one step: a reader sees the old content or the new, never a part.

    What is no regular file, such as a pipe or ``/dev/null``, is written to as it is; a link
    keeps pointing where it did. Raises ``UsageError`` if it cannot be written.
    """
    data = text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        text = "{path:given}: cannot be written: {why:given}"
        raise UsageError(text, path=path, why=system_reason(error)) from error


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:32]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        # A temporary file is private; a report has the permissions of any new file.
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
