"""The reader itself: one run for each training that a text tells of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from advisor.formats.plain import NotPlain, from_yaml
from advisor.formats.tables.encoding import Text, decode
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Claim, Refusal, Unreadable, whole_file
from advisor.run import ConfigValue, Run
from advisor.walk import Listing
from advisor_textlog.claims import claims
from advisor_textlog.content import content
from advisor_textlog.dialect import Dialect, Line, Lines
from advisor_textlog.dialects import LEAST_NAMED, recognize
from advisor_textlog.parts import Part, parts
from advisor_textlog.visible import Numbered, last_line, numbered

_CURE = term("let the training print its step and its losses in one line: `step:10 loss:2.5`")


class TextLogReader:
    """Lines that a training printed. What stands between them is passed over."""

    name = "text-log"
    summary = "printed lines: nanoGPT, modded-nanogpt, llm.c, torchtune, or any `step:1 loss:2.5`"

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Claim the texts that hold lines of steps and numbers."""
        return claims(listing, self.name)

    def read(self, claim: Claim) -> Iterator[Run]:
        """Read the runs of a text. Raises ``Unreadable`` if no line holds a number."""
        (file,) = claim.files
        text = _text(claim.base, file)
        listed = numbered(text.content)
        dialect = recognize(listed, LEAST_NAMED)
        if dialect is None:
            raise Unreadable(file, term("no lines with a step and a number"), _CURE)
        lines = dialect.read(listed)
        damage = _cut(lines, text, file)
        settings = _settings(dialect, listed, file)
        found = parts(lines.lines)
        for at, part in enumerate(found, 1):
            series, notes = content(part, lines)
            config = {**settings, **_steps(part, file)}
            every = (*notes, *(damage if at == len(found) else ()))
            name = claim.root if len(found) == 1 else f"{claim.root}#{at}"
            yield Run(name, series, config, dialect.source, claim.files, every)


def _text(base: Path, file: str) -> Text:
    data = whole_file(base, file)
    text = decode(data)
    if text is None:
        raise Unreadable(file, term("not a text"), term("name the log as the training wrote it"))
    return text


def _cut(lines: Lines, text: Text, file: str) -> list[Note]:
    """Drop the last number of a file that ends inside its last line, and say so."""
    last = lines.lines[-1]
    end, offset = last_line(text.content)
    if last.number != end or not _shorter(last, lines.lines[:-1]):
        return []
    if len(last.pairs) > 1:
        lines.lines[-1] = last._replace(pairs=last.pairs[:-1])
    else:
        lines.lines.pop()
    return [note(NoteKind.TRUNCATED, file=file, offset=text.size(offset))]


def _shorter(last: Line, before: Sequence[Line]) -> bool:
    """Tell whether a line has fewer numbers, or digits, than all others that begin like it."""
    alike = [line for line in before if line.pairs[0].key == last.pairs[0].key]
    at = len(last.pairs) - 1
    digits = [line.pairs[at].decimals or 0 for line in alike if len(line.pairs) > at]
    fewer = bool(alike) and all(len(line.pairs) > len(last.pairs) for line in alike)
    return fewer or (bool(digits) and (last.pairs[at].decimals or 0) < min(digits))


def _settings(dialect: Dialect, listed: Numbered, file: str) -> dict[str, ConfigValue]:
    found = {}
    for number, line in listed:
        setting = dialect.settings(line)
        if setting is not None:
            origin = f"{file}, line {number}"
            found[setting[0]] = ConfigValue(value=_plain(setting[1]), origin=origin)
    return found


def _plain(text: str) -> bool | int | float | str | None:
    try:
        value = from_yaml(text)
    except NotPlain:
        return text
    return value if isinstance(value, bool | int | float) else text


def _steps(part: Part, file: str) -> dict[str, ConfigValue]:
    """Return the number of steps that the lines announce, if they agree."""
    announced = {line.last: line.number for line in part.lines if line.last is not None}
    if len(announced) != 1:
        return {}
    ((last, number),) = announced.items()
    return {"steps": ConfigValue(value=last, origin=f"{file}, line {number}")}
