"""The ``.wandb`` files of one run, read into a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from advisor.errors import system_reason
from advisor.notes import Note, NoteKind, note
from advisor.protobuf import WireError
from advisor.reader import Claim, Unreadable
from advisor.run import Run
from advisor.trainer import callback_notes
from advisor_wandb import records
from advisor_wandb.config import Config
from advisor_wandb.folders import config_beside, in_order
from advisor_wandb.history import History
from advisor_wandb.logfile import FILE_HEADER, MAGIC, VERSION, LogFile, Record


class _Reading:
    """What has been read of a run so far."""

    def __init__(self) -> None:
        self.history = History()
        self.config = Config()
        self.damage: list[Note] = []
        self.ended = False
        """Whether the last file that was read tells that the run ended."""

    def add(self, path: Path, file: str) -> None:
        """Read one file at ``path``, shown as ``file``. Raises ``Unreadable``."""
        try:
            with path.open("rb") as stream:
                _check(stream.read(FILE_HEADER), file)
                stream.seek(0)
                self._read(LogFile(stream), file)
        except OSError as error:
            reason = f"cannot be read ({system_reason(error)})"
            raise Unreadable(file, reason, "check the file and the disk") from error

    def _read(self, log: LogFile, file: str) -> None:
        self.history.begin()
        self.ended = False
        rows = records.RowReader()
        for record in log:
            try:
                self._take(record, rows, file)
            except WireError:
                log.lose(record.offset, len(record.data))
        self.damage += _losses(log, file)

    def _take(self, record: Record, rows: records.RowReader, file: str) -> None:
        part = records.content(record.data)
        if part is None:
            return
        if part.number == records.HISTORY:
            step, items = rows.row(record.data, part)
            self.history.add(items, step)
        elif part.number == records.EXIT:
            self.ended = True
        else:
            self.config.change(records.changes(record.data, part), file)


def read(claim: Claim) -> Run:
    """Read the run of a claim. Raises ``Unreadable`` if it holds no number."""
    reading = _Reading()
    files = in_order(claim.files)
    for file in files:
        reading.add(claim.base / file, file)
    settings = [path for path in map(config_beside, files) if path in claim.files]
    for file in reversed(settings):
        reading.config.fill(claim.base / file, file)
    series = reading.history.series()
    if not series:
        raise Unreadable(files[-1], *_nothing(reading))
    config = reading.config.values()
    notes = [*reading.history.notes(series), *reading.damage, *reading.config.notes]
    notes += callback_notes(series, config)
    if not reading.ended:
        notes.append(note(NoteKind.UNFINISHED))
    read_from = tuple(sorted({*files, *settings}))
    return Run(claim.root, series, config, "W&B run", read_from, tuple(notes))


def _check(head: bytes, file: str) -> None:
    if head[: len(MAGIC)] != MAGIC:
        raise Unreadable(
            file,
            "does not begin with the header of a W&B run file",
            "copy the file again from the machine that wrote it",
        )
    if head[len(MAGIC) :] not in (b"", bytes([VERSION])):
        raise Unreadable(
            file,
            f"is a W&B run file of version {head[-1]}; only version {VERSION} is known",
            "upgrade advisor, or export the run's history (`run.scan_history()`)",
        )


def _losses(log: LogFile, file: str) -> Iterator[Note]:
    if log.damaged is not None:
        yield note(NoteKind.DAMAGED, file=file, offset=log.damaged, lost=log.lost)
    if log.cut is not None:
        yield note(NoteKind.TRUNCATED, file=file, offset=log.cut)


def _nothing(reading: _Reading) -> tuple[str, str]:
    """Say why no series came out of the files, and what to do."""
    if len(reading.history):
        return (
            "holds no number: only texts and media were logged",
            'log a loss: `run.log({"train/loss": loss})`',
        )
    if any(each.kind is NoteKind.DAMAGED for each in reading.damage):
        return (
            "holds no number that could be read: it is damaged",
            "copy the file again from the machine that wrote it",
        )
    return (
        "holds no history: the run ended before anything was logged",
        "see in the run's `files/output.log` why it stopped, or delete its folder",
    )
