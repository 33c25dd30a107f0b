"""The reader of TensorBoard event files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping

from advisor.errors import system_reason
from advisor.formats.configs import Configs, usual
from advisor.formats.histogram import Histograms
from advisor.language import term
from advisor.reader import Claim, Progress, Refusal, Unreadable, unopened
from advisor.run import Run
from advisor.text import told
from advisor.walk import Listing
from advisor_tensorboard import fold
from advisor_tensorboard.config import add_hparams, add_texts
from advisor_tensorboard.decode import decode
from advisor_tensorboard.held import EventFile
from advisor_tensorboard.histograms import find
from advisor_tensorboard.merge import Named, in_order, merge
from advisor_tensorboard.part import Part
from advisor_tensorboard.progress import kept, known
from advisor_tensorboard.sniff import Sniffed, hollow, sniff


class TensorBoardReader:
    """Event files of torch, tensorboardX, Lightning, Hugging Face, Keras and TensorFlow."""

    name = "tensorboard"
    summary = "TensorBoard event files, and the settings beside them: hparams.yaml, config.yaml, …"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim event files by their first record; those of one run, or of siblings, together."""
        found: list[Sniffed] = []
        for file in listing.files:
            told = sniff(file)
            if isinstance(told, Refusal):
                yield told
            elif told is not None:
                found.append(told)
        for root, held in sorted(fold.families(found).items()):
            if all(one.hollow for one in held):
                yield from (hollow(one.file) for one in held)
            else:
                yield self._claim(listing, root, held)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the runs of a claim, sorted by name.

        Raises ``Unreadable`` if a file cannot be opened, or if none of them holds a scalar.
        """
        return _runs(claim, None)

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        """Read the runs of a claim as ``read`` does, of the files in ``progress`` what is new."""
        return _runs(claim, progress)

    def histograms(self, claim: Claim) -> dict[str, dict[str, Histograms]]:
        """List the histograms of a claim: by directory, though some may be parts of one run.

        Raises ``Unreadable`` if a file cannot be opened.
        """
        found: dict[str, dict[str, Histograms]] = {}
        for folder, names in _folders(claim).items():
            paths = [(claim.base / name, name) for name in in_order(names)]
            try:
                held = find(paths)
            except OSError as error:
                raise unopened(names[0], error) from error
            if held:
                found[folder] = held
        return found

    def _claim(self, listing: Listing, root: str, held: list[Sniffed]) -> Claim:
        beside = sorted(
            path
            for folder in {one.file.folder for one in held}
            for path in usual(listing.beside(folder))
        )
        files = sorted({one.file.path for one in held} | set(beside))
        proof = held[0].proof
        return Claim(self.name, root, tuple(files), proof, certainty=95, shared=tuple(beside))


def _runs(claim: Claim, progress: MutableMapping[str, Progress] | None) -> Iterator[Run]:
    folders = _folders(claim)
    parts = {folder: _part(claim, folder, files, progress) for folder, files in folders.items()}
    runs = [part.run(claim.base) for part in fold.join(parts) if part.series]
    if not runs:
        first = next(file for files in folders.values() for file in files)
        raise Unreadable(first, *_nothing(parts.values()))
    yield from runs


def _folders(claim: Claim) -> dict[str, list[str]]:
    """Return the event files of a claim by their directory."""
    folders: dict[str, list[str]] = {}
    for file in claim.files:
        if file not in claim.shared:
            folders.setdefault(_folder(file), []).append(file)
    return folders


def _part(
    claim: Claim, folder: str, names: list[str], progress: MutableMapping[str, Progress] | None
) -> Part:
    """Read the event files of one directory, and name the settings beside them."""
    files = [Named(name, _decode(claim, name, progress)) for name in in_order(names)]
    merged = merge(files)
    texts, session = Configs(), Configs()
    add_texts(texts, files)
    add_hparams(session, files)
    return Part(
        folder,
        merged.series,
        texts,
        session.values,
        [[file for file in claim.shared if _folder(file) == folder]],
        merged.notes + session.notes,
        names,
        keras=merged.keras,
    )


def _decode(claim: Claim, name: str, progress: MutableMapping[str, Progress] | None) -> EventFile:
    """Read one file, and keep in ``progress``, if any, what is now known of it."""
    before = progress.pop(name, None) if progress is not None else None
    try:
        held = decode(claim.base / name, known(before) if before else None)
    except OSError as error:
        reason = told("cannot be read ({why:given})", why=system_reason(error))
        raise Unreadable(name, reason, term("check the file and the disk")) from error
    if progress is not None:
        now = before if before and before.offset == held.end else kept(held)
        if now is not None:
            progress[name] = now
    return held


def _nothing(parts: Iterable[Part]) -> tuple[str, str]:
    """Say why no run came out of a claim."""
    if any(part.notes for part in parts):
        return (
            term("holds no scalar that could be read: it is damaged"),
            term("copy the file again from the machine that wrote it"),
        )
    return (
        term("holds no scalars: only texts, images, graphs, histograms or settings were logged"),
        term('log a loss: `writer.add_scalar("train/loss", loss, step)`'),
    )


def _folder(file: str) -> str:
    return file.rpartition("/")[0] or "."
