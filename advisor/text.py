"""Text is data: one place that turns templates and typed parameters into sentences.

A template is an English sentence with ``{name:kind}`` fields. The kinds say how a value is
written, so that the same number reads the same in every report:

=========  ==========================================  =====================
kind       value                                       written
=========  ==========================================  =====================
number     float, or a message about one               ``0.0123``, ``1,230``
percent    float, a fraction                           ``34%``
step       int                                         ``12,400``
rate       float, a learning rate                      ``3e-4``
name       str, a name taken from a log                a code span
names      list of str                                 code spans, commas
text       str, a word advisor chose                   as it is
given      what a user wrote or a system said          as it is, on one line
sentence   a message, or the text of a finished one    as it is
clause     the same, inside another sentence           no capital, no full stop
count …    int; the rest is ``singular|plural``        ``1 epoch``, ``3 epochs``
=========  ==========================================  =====================

A language without plurals gives a count one form: ``{n:count 轮}``.

Code spans are marked with backticks. A name never brings a backtick of its own, so
``spans`` can split a finished sentence again without guessing.
"""

from __future__ import annotations

import math
import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from advisor.model import Document, Value

LONGEST_NAME = 120
"""Characters of a name that are shown; the rest becomes an ellipsis."""

LONGEST_LINE = 4000
"""Characters of a line that are shown."""

AND_MORE = "{listed:sentence} and {more:step} more"
"""How a list ends that is not shown whole."""


class Message(Document):
    """A sentence: the id of its template, its parameters, and the English text."""

    id: str
    params: dict[str, Param] = {}
    text: str


Param = Value | Message
"""What a parameter of a template may be; a message stands in a ``sentence``, a ``clause``, or where
a ``number`` needs a word beside it."""


class Span(NamedTuple):
    """A piece of a finished sentence; ``code`` pieces came between backticks."""

    text: str
    code: bool


def message(identifier: str, template: str, **params: Param) -> Message:
    """Build a message from its English template. Raises ``KeyError`` on a missing parameter."""
    return Message(id=identifier, params=params, text=fill(template, params))


def told(template: str, **params: Param) -> str:
    """Write a sentence that a document keeps as English text; catalogues find its template."""
    return fill(template, params)


def fill(template: str, params: Mapping[str, Param], more: str = AND_MORE) -> str:
    """Write ``params`` into ``template``; ``more`` is how a list of names ends that is cut.

    Raises ``KeyError`` or ``ValueError`` if they do not fit.
    """
    return "".join(
        literal if name is None else literal + _written(params[name], kind, more)
        for literal, name, kind in _parsed(template)
    )


def fields(template: str) -> Mapping[str, str]:
    """Return the parameters that ``template`` asks for, each with its kind."""
    return {name: kind.partition(" ")[0] for _, name, kind in _parsed(template) if name}


def spans(text: str) -> Iterator[Span]:
    """Split a finished sentence into plain and code pieces, leaving out empty ones."""
    for index, piece in enumerate(text.split("`")):
        if piece:
            yield Span(piece, code=index % 2 == 1)


@lru_cache(maxsize=4096)
def clean(name: str, longest: int = LONGEST_NAME) -> str:
    """Make a name from a log safe to show: one line, nothing invisible, not endless.

    Control, format (bidirectional marks among them), surrogate and private characters
    become ``�``; white space becomes one space; what is longer than ``longest`` is cut.
    """
    shown = "".join(_visible(character) for character in name).strip()
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def valid(text: str) -> str:
    """Return text without halves of surrogate pairs, which JSON can spell and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode()


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return "\ufffd" if unicodedata.category(character)[0] == "C" else character


def number(value: float, digits: int = 3) -> str:
    """Write a number with ``digits`` significant digits, a thousands comma, or an exponent."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinity" if value > 0 else "-infinity"
    if value == 0:
        return "0"
    size = abs(float(f"{value:.{digits}g}"))
    if size < 1e-3 or size >= 1e7:
        return _exponent(value, digits)
    if size >= 10 ** (digits - 1):
        return f"{round(value):,}"
    places = digits - 1 - math.floor(math.log10(size))
    return f"{value:.{places}f}".rstrip("0").rstrip(".")


def rate(value: float, digits: int = 3) -> str:
    """Write a learning rate the way people type it: ``3e-4``, ``0.01``."""
    return _exponent(value, digits) if 0 < abs(value) < 1e-2 else number(value, digits)


def percent(fraction: float) -> str:
    """Write a fraction as a percentage: whole numbers, and one digit next to 0 and to 100."""
    value = 100 * fraction
    if not math.isfinite(value):
        return number(value)
    close = 0 < abs(value) < 1 or 99 < abs(value) < 100
    return f"{value:.1f}%" if close else f"{value:.0f}%"


def _exponent(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def _code(name: object) -> str:
    return f"`{clean(str(name)).replace('`', chr(39))}`"


@lru_cache(maxsize=4096)  # templates are few, and written for every run
def _parsed(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """Return the pieces of a template: text, then a field's name and kind, if one follows."""
    pieces = []
    for literal, name, kind, conversion in string.Formatter().parse(template):
        if conversion is not None:
            raise ValueError(f"a message template has no conversions, such as !{conversion}")
        pieces.append((literal, name, kind or ""))
    return tuple(pieces)


def _written(value: Any, field: str, more: str) -> str:
    """Write a value as its field says: a kind, and for a count both forms of the word."""
    kind, _, words = field.partition(" ")
    match kind:
        case "number":
            return value.text if isinstance(value, Message) else number(float(value))
        case "percent":
            return percent(float(value))
        case "step":
            return f"{int(value):,}"
        case "rate":
            return rate(float(value))
        case "name":
            return _code(value)
        case "names":
            return _names(value, more)
        case "count":
            singular, _, plural = words.partition("|")
            return f"{int(value):,} {singular if int(value) == 1 else plural or singular}"
        case "text":
            return clean(_text(value)).replace("`", "'")
        case "given":
            return clean(str(value), LONGEST_LINE)
        case _:
            return _told(value, kind)


def _told(value: object, kind: str) -> str:
    """Write a sentence, or put it inside another one."""
    match kind:
        case "sentence":
            return _text(value)
        case "clause":
            return _uncapped(_text(value).rstrip(".。"))
    raise ValueError(f"unknown kind {kind!r} in a message template")


def _text(value: object) -> str:
    return value.text if isinstance(value, Message) else str(value)


def _uncapped(text: str) -> str:
    """Write a capitalized word small, as inside a sentence; what is an acronym in part stays."""
    return text[:1].lower() + text[1:] if text.partition(" ")[0][1:].islower() else text


def _names(names: Sequence[object], end: str, shown: int = 4) -> str:
    listed = ", ".join(_code(name) for name in names[:shown])
    more = len(names) - shown
    return fill(end, {"listed": listed, "more": more}) if more > 0 else listed
