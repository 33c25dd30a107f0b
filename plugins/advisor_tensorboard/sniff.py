"""What a file is, told from its first bytes: an event file, or something that bears its name."""

from __future__ import annotations

import io
from dataclasses import dataclass

from advisor.formats.protobuf import WireError
from advisor.language import term
from advisor.reader import Refusal
from advisor.text import told
from advisor.walk import File
from advisor_tensorboard.events import VERSION_PREFIX, Event, parse
from advisor_tensorboard.records import FOOTER, HEADER, Record, RecordFile, header_length

_COPY = term("copy the file again from the machine that wrote it, or delete it")
_SIGNATURES = (
    (b"version https://git-lfs.github.com/spec/",
     term("is a Git LFS pointer, not the event file itself"),
     term("run `git lfs pull` where it was cloned")),
    (b"\x1f\x8b", term("is compressed with gzip"), term("unpack it with gunzip")),
    (b"PK\x03\x04", term("is a ZIP archive"), term("unpack it")),
    (b"<", term("begins with `<`: it is a web page, not an event file"),
     term("download the raw file")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the head of an event file shows."""

    file: File
    proof: str
    tags: frozenset[str]
    """Tags of scalars in the head: not all that the file has, nor all of the head."""
    hparams: bool
    """Whether the head holds hyperparameters of the hparams plugin."""
    hollow: bool
    """Whether the file ends behind its version record."""


def sniff(file: File) -> Sniffed | Refusal | None:
    """Tell whether ``file`` is an event file; ``None`` if neither content nor name says so."""
    head = file.head
    named = "tfevents" in file.name
    if named and file.name.endswith(".profile-empty"):
        return None  # a mark that TensorBoard's profiler leaves; it never holds data
    length = header_length(head[:HEADER])
    if length is None and not named:
        return None
    events = _events(head)
    if length is not None and events and events[0][1].version.startswith(VERSION_PREFIX):
        hollow = events[0][0].end == file.size
        return _sniffed(file, events, "version record with fitting checksums", hollow=hollow)
    if not named:
        return None
    if events:
        return _sniffed(file, events, "record with fitting checksums behind damage", hollow=False)
    return Refusal(file.path, *_reason(file, length))


def _events(head: bytes) -> list[tuple[Record, Event]]:
    """Return the events in the head whose records lie in it whole.

    Ends where several tags were seen: more of them tell no more of what the file is part of.
    """
    found: list[tuple[Record, Event]] = []
    tags: set[str] = set()
    for record in RecordFile(io.BytesIO(head), len(head)):
        try:
            event = parse(record.payload, lambda _: "")
        except WireError:
            continue
        found.append((record, event))
        tags.update(point.tag for point in event.points)
        if len(tags) > 1:
            break
    return found


def _sniffed(
    file: File, events: list[tuple[Record, Event]], proof: str, *, hollow: bool
) -> Sniffed:
    tags = frozenset(point.tag for _, event in events for point in event.points)
    # A first record too long for the head still shows its tag.
    hparams = b"_hparams_/" in file.head
    return Sniffed(file, proof, tags, hparams, hollow)


def _reason(file: File, length: int | None) -> tuple[str, str]:
    """Return what was seen in a file that only bears the name, and the cure."""
    head = file.head
    if not file.size:
        return term("is empty"), term("delete it: its writer ended before it wrote anything")
    for signature, reason, cure in _SIGNATURES:
        if head.lstrip().startswith(signature):
            return reason, cure
    if file.size < HEADER or (length is not None and file.size < HEADER + length + FOOTER):
        return told("ends at byte {size:step}, inside its first record", size=file.size), _COPY
    if length is not None:
        return term("does not begin with TensorBoard's version record"), _COPY
    return term(
        "does not begin with a TensorBoard record: the checksum at byte 8 does not fit"
    ), _COPY


def hollow(file: File) -> Refusal:
    """Say that an event file holds nothing."""
    return Refusal(
        file.path,
        term(
            "holds no data, only the version record: the run logged nothing, or died at its start"
        ),
        term("delete it, or log a scalar and close the writer (`writer.close()`)"),
    )
