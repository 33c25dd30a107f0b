"""What is taken from one ``.wandb`` file, and kept until the file has grown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from advisor.errors import system_reason
from advisor.formats.protobuf import WireError
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Progress, Unreadable
from advisor.text import told
from advisor_wandb import records
from advisor_wandb.history import TIMESTAMP, History
from advisor_wandb.intake import Intake
from advisor_wandb.logfile import FILE_HEADER, MAGIC, VERSION, LogFile, Record, Settled

_SYSTEM = "system"
"""What stands before the name of a measurement of the machine, as on W&B's page."""


@dataclass
class Taken:
    """What one file says."""

    history: History = field(default_factory=History)
    system: History = field(default_factory=History)
    """A row for each time that the machine was measured."""
    changes: list[records.Change] = field(default_factory=list)
    """What its records did to the settings, one after the other."""
    ended: bool = False
    """Whether it tells that the run ended."""
    damage: list[Note] = field(default_factory=list)
    settled: Settled | None = field(default_factory=Settled)
    """Where to go on once the file has grown; ``None`` if it must be read whole then."""

    def take(self, log: LogFile) -> None:
        """Take the records of a file in, behind those that are known."""
        rows = Intake(self.history, log.lose)
        for record in log:
            try:
                self._add(record, rows)
            except WireError:
                log.lose(record.offset, len(record.data))
        rows.finish()
        self.settled = None if log.unsure else log.settled

    def _add(self, record: Record, rows: Intake) -> None:
        part = records.content(record.data)
        if part is None:
            return
        if part.number == records.HISTORY:
            rows.add(record, part)
        elif part.number == records.STATS:
            time, items = records.measured(record.data, part)
            named = [((f"{_SYSTEM}/{path[0]}", *path[1:]), value) for path, value in items if path]
            self.system.add([((TIMESTAMP,), time), *named])
        elif part.number == records.EXIT:
            self.ended = True
        else:
            self.changes.append(records.changes(record.data, part))


def take(path: Path, file: str, before: Progress | None) -> Taken:
    """Read one file at ``path``, shown as ``file``; of one known before what was added to it.

    Raises ``Unreadable``.
    """
    taken = _known(before) if before else Taken()
    try:
        with path.open("rb") as stream:
            _check(stream.read(FILE_HEADER), file)
            log = LogFile(stream, taken.settled or Settled())
            taken.take(log)
    except OSError as error:
        reason = told("cannot be read ({why:given})", why=system_reason(error))
        raise Unreadable(file, reason, term("check the file and the disk")) from error
    if log.damaged is not None:
        taken.damage.append(note(NoteKind.DAMAGED, file=file, offset=log.damaged, lost=log.lost))
    if log.cut is not None:
        taken.damage.append(note(NoteKind.TRUNCATED, file=file, offset=log.cut))
    return taken


def kept(taken: Taken) -> Progress | None:
    """Return what is to be kept of a file; ``None`` if it must be read whole the next time."""
    if taken.settled is None:
        return None
    words, columns = taken.history.kept()
    measured, more = taken.system.kept()
    words |= {"changes": taken.changes, "ended": taken.ended, "settled": taken.settled}
    columns |= {f"{_SYSTEM}/{name}": column for name, column in more.items()}
    return Progress(taken.settled.offset, words | {_SYSTEM: measured}, columns)


def _known(progress: Progress) -> Taken:
    words, columns = progress.words, progress.columns
    own = {name: column for name, column in columns.items() if "/" not in name}
    more = {name.partition("/")[2]: column for name, column in columns.items() if "/" in name}
    return Taken(
        History.known(words, own),
        History.known(words[_SYSTEM], more),
        [_change(*one) for one in words["changes"]],
        words["ended"],
        settled=Settled(*words["settled"]),
    )


def _change(update: list[records.Item], remove: list[records.Path]) -> records.Change:
    return records.Change([(tuple(p), value) for p, value in update], [tuple(p) for p in remove])


def _check(head: bytes, file: str) -> None:
    if head[: len(MAGIC)] != MAGIC:
        raise Unreadable(
            file,
            term("does not begin with the header of a W&B run file"),
            term("copy the file again from the machine that wrote it"),
        )
    if head[len(MAGIC) :] not in (b"", bytes([VERSION])):
        raise Unreadable(
            file,
            told(
                "is a W&B run file of version {found:step}; only version {known:step} is known",
                found=head[-1],
                known=VERSION,
            ),
            term("upgrade advisor, or export the run's history (`run.scan_history()`)"),
        )
