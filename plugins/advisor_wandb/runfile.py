"""The ``.wandb`` files of one run, read into a run."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping

from advisor.formats.trainer import callback_notes
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Progress, Unreadable
from advisor.run import Run
from advisor_wandb.config import Config
from advisor_wandb.folders import config_beside, in_order
from advisor_wandb.history import History
from advisor_wandb.taken import Taken, kept, take


def read(claim: Claim, progress: MutableMapping[str, Progress]) -> Run:
    """Read the run of a claim. Raises ``Unreadable`` if it holds no number."""
    files = in_order(claim.files)
    held = {file: _take(claim, file, progress) for file in files}
    history, system, config = History(), History(), Config()
    for file, taken in held.items():
        history.extend(taken.history)
        system.extend(taken.system)
        for change in taken.changes:
            config.change(change, file)
    settings = [path for path in map(config_beside, files) if path in claim.files]
    for file in reversed(settings):
        config.fill(claim.base / file, file)
    damage = [found for taken in held.values() for found in taken.damage]
    series = history.series()
    if not series:
        raise Unreadable(files[-1], *_nothing(history, damage))
    values = config.values()
    notes = [*history.notes(series), *damage, *config.notes, *callback_notes(series, values)]
    if not held[files[-1]].ended:
        notes.append(note(NoteKind.UNFINISHED))
    read_from = tuple(sorted({*files, *settings}))
    both = series | {tag: one for tag, one in system.by_row().items() if tag not in series}
    return Run(claim.root, both, values, term("W&B run"), read_from, tuple(notes))


def _take(claim: Claim, file: str, progress: MutableMapping[str, Progress]) -> Taken:
    """Read one file, and keep in ``progress`` what is now known of it."""
    taken = take(claim.base / file, file, progress.pop(file, None))
    now = kept(taken)
    if now is not None:
        progress[file] = now
    return taken


def _nothing(history: History, damage: Iterable[Note]) -> tuple[str, str]:
    """Say why no series came out of the files, and what to do."""
    if len(history):
        return (
            term("holds no number: only texts and media were logged"),
            term('log a loss: `run.log({"train/loss": loss})`'),
        )
    if any(each.kind is NoteKind.DAMAGED for each in damage):
        return (
            term("holds no number that could be read: it is damaged"),
            term("copy the file again from the machine that wrote it"),
        )
    return (
        term("holds no history: the run ended before anything was logged"),
        term("see in the run's `files/output.log` why it stopped, or delete its folder"),
    )
