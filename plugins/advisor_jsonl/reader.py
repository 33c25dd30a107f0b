"""The readers: of lines, of a Keras History, and of TensorBoard's downloads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from advisor.formats import plain
from advisor.formats.configs import Configs, add_beside
from advisor.formats.tables.json_lines import JsonLines, Settled
from advisor.formats.tables.reading import head
from advisor.formats.tables.sparse import Place, series_of
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Progress, Refusal, Unreadable
from advisor.run import Run
from advisor.walk import File, Listing
from advisor_jsonl import claims, downloads, history
from advisor_jsonl.clock import wall_times
from advisor_jsonl.dialect import Dialect
from advisor_jsonl.dialects import recognize
from advisor_jsonl.pyconfig import from_python
from advisor_jsonl.rows import Collector

_TWIN = "scalars.json"


class JsonLinesReader:
    """Reads one run from lines that are JSON objects. A key that is absent was not logged."""

    name = claims.NAME
    summary = "JSON lines: OpenMMLab, Detectron2 `metrics.json`, MAE and DETR `log.txt`, your own"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the files whose lines are logs; refuse what only has the name of one."""
        return claims.claims(listing)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the one run of a claim. Raises ``Unreadable`` if its lines hold no numbers."""
        return self.resume(claim, {})

    def resume(self, claim: Claim, progress: MutableMapping[str, Progress]) -> Iterator[Run]:
        """Read the run of a claim as ``read`` does, of a file in ``progress`` the new lines."""
        file, dialect = _log(claim)
        lines, collected = _taken(claim, file, dialect, progress)
        table = collected.lines.table
        times = wall_times(table)
        places = dialect.place(collected.lines)
        if times:
            places.pop(times[0], None)
        series, notes = series_of(table, places, times[1] if times else None)
        if not series:
            raise Unreadable(
                file, term("no line holds a number"), term("let the run log at least one step")
            )
        config = _config(claim, file, collected.settings)
        notes += [*_guesses(places), *dialect.notes(collected.lines, series), *lines.notes()]
        told = (*notes, *config.notes)
        yield Run(claim.root, series, config.values, dialect.source, claim.files, told)


class HistoryReader:
    """Reads one run from an object of lists, as Keras' History is saved."""

    name = history.NAME
    summary = "a History of Keras saved as JSON: lists with a value per epoch"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the files that hold such lists."""
        return history.claims(listing)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the one run of a claim. Raises ``Unreadable`` if it is no History any more."""
        return history.read(claim)


class DownloadReader:
    """Reads one run from the files that TensorBoard's page downloads, one for each tag."""

    name = downloads.NAME
    summary = "what TensorBoard's page downloads (`run-RUN-tag-TAG.json`, `.csv`)"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the downloads of each run."""
        return downloads.claims(listing)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the one run of a claim. Raises ``Unreadable`` if it holds no point."""
        return downloads.read(claim)


def _log(claim: Claim) -> tuple[str, Dialect]:
    """Return the log among the files of a claim, and whose it is.

    Raises ``Unreadable`` if it is none any more.
    """
    log = max(sorted(claim.owned), key=lambda file: file.endswith(_TWIN))
    path = claim.base / log
    size = path.stat().st_size if path.is_file() else 0
    rows = claims.first_rows(head(File(log, path, size, 0.0)))
    if not rows:
        raise Unreadable(log, term("its first line is no JSON object"), term("copy the log again"))
    return log, recognize(rows)


def _taken(
    claim: Claim, file: str, dialect: Dialect, progress: MutableMapping[str, Progress]
) -> tuple[JsonLines, Collector]:
    """Read the lines, and keep in ``progress`` what those say that have their end."""
    before = progress.pop(file, None)
    collected, settled = Collector(dialect), None
    if before and before.words["dialect"] == dialect.source:
        collected.know(before.words, before.columns)
        settled = Settled(*before.words["settled"])
    lines = JsonLines(claim.base, file, settled)
    collected.take(lines.ended())
    if collected.begun:
        words, columns = collected.kept()
        words |= {"dialect": dialect.source, "settled": lines.settled}
        progress[file] = Progress(lines.settled.offset, words, columns)
    last = lines.last()
    collected.take([] if last is None else [last])
    collected.end()
    return lines, collected


def _config(claim: Claim, file: str, settings: dict[str, Any]) -> Configs:
    config = Configs()
    text = settings.get("config")
    if isinstance(text, str):
        _add_python(config, text, file)
        settings = {name: value for name, value in settings.items() if name != "config"}
    config.add(settings, file)
    for other in claim.shared:
        if other.endswith(".py"):
            _add_python_file(config, claim, other)
    add_beside(config, claim.base, (other for other in claim.shared if not other.endswith(".py")))
    return config


def _add_python_file(config: Configs, claim: Claim, file: str) -> None:
    try:
        with (claim.base / file).open(encoding="utf-8", errors="replace") as stream:
            _add_python(config, stream.read(plain.LONGEST + 1), file)
    except OSError as error:
        config.refuse(file, error.strerror or type(error).__name__)


def _add_python(config: Configs, text: str, file: str) -> None:
    try:
        config.add(from_python(text), file)
    except plain.NotPlain as error:
        config.refuse(file, str(error))


def _guesses(places: dict[str, Place]) -> Iterator[Note]:
    """Note each thing that stands in for a step, with the series that it holds for."""
    guessed: dict[str, list[str]] = {}
    for tag, place in places.items():
        if place.guessed:
            guessed.setdefault(place.guessed, []).append(tag)
    for axis, tags in guessed.items():
        yield note(NoteKind.STEP_GUESSED, *(tags if len(tags) < len(places) else ()), axis=axis)
