"""GitHub's dialect of Markdown: how text is made harmless, and the blocks that it offers.

Names and sentences may hold anything. Nothing in them may become markup, a link, a mention
(which sends mail), a reference to an issue (which leaves a trace there), an emoji or a
formula. Whatever the other modules write, they write through this one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from advisor.finding import Severity
from advisor.language import shown, tell
from advisor.presentation import safe_url, shown_name
from advisor.text import Message, clean, spans

MARKER = "<!-- advisor-report -->"
"""Hidden first line, by which a bot finds its comment again to update it."""

LONGEST_SENTENCE = 1_000
"""Characters of a sentence that are shown; those of the built-in rules stay far below."""

_BREAK = "&#8203;"
"""A zero-width space: nothing to see, and no word that a filter would look for.

An entity alone does not stop mentions: GitHub looks for them in the finished page.
"""
_ESCAPES = str.maketrans(
    {mark: f"\\{mark}" for mark in "_*~[]$"}
    # A backslash before a pipe would count differently from one parser of tables to the next.
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "\\": "&#92;", "`": "&#96;"}
)
_FILTERED = re.compile(r"(?<=[@#])|(?<=:)(?=\S)|(?<=\bwww)(?=\.)|(?<=\bgh)(?=-)", re.IGNORECASE)
"""Where GitHub looks for mentions, issues, addresses and emoji: there a word is broken."""
_BLOCK_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+=])")
"""What would begin a list or a heading at the start of a line."""
_NOT_IN_CODE = frozenset("|`@")
"""A pipe ends a table's cell, a backtick the span; e-mail replies find mentions in code too."""
_ALERTS = {
    Severity.ERROR: "CAUTION",
    Severity.WARNING: "WARNING",
    Severity.NOTE: "NOTE",
    None: "TIP",
}


def escape(text: str) -> str:
    """Write plain text, on one line, so that it reads as it is anywhere in a document."""
    return _begun(_inline(text))


def _inline(text: str) -> str:
    # A placeholder keeps the marks of the break itself from being escaped.
    return _FILTERED.sub("\0", text).translate(_ESCAPES).replace("\0", _BREAK)


def _begun(markdown: str) -> str:
    """Keep what could stand at the start of a line from beginning a block."""
    return _BLOCK_START.sub(_escape_start, markdown.strip())


def _escape_start(match: re.Match[str]) -> str:
    digits, point, mark = match.groups()
    return f"{digits}\\{point}" if digits else f"&#{ord(mark)};"


def code(text: str) -> str:
    """Write a piece of text as a code span; as plain text if a span could not hold it."""
    return _inline(text) if not text.strip() or _NOT_IN_CODE & set(text) else f"`{text}`"


def name(text: str, longest: int = 60) -> str:
    """Write a name from a log."""
    return _begun(code(shown_name(text, longest)))


def sentence(said: Message | str) -> str:
    """Write a finished sentence, its code spans as code."""
    # Without empty code spans, no two backticks meet.
    line = _line(said).replace("``", "")
    return _begun("".join(code(s.text) if s.code else _inline(s.text) for s in spans(line)))


def in_tag(said: Message | str) -> str:
    """Write a finished sentence for the inside of a tag, where GitHub reads no Markdown."""
    return "".join(
        f"<code>{_in_tag(s.text)}</code>" if s.code else _in_tag(s.text) for s in spans(_line(said))
    )


def _in_tag(text: str) -> str:
    broken = html.escape(_FILTERED.sub("\0", text))
    return broken.replace("$", "&#36;").replace("\0", _BREAK)


def _line(said: Message | str) -> str:
    return clean(shown(said), LONGEST_SENTENCE)


def link(text: str, url: str) -> str:
    """Write a link; the text alone if the address is not one that is safe to follow."""
    safe = safe_url(url)
    return f"[{sentence(text)}](<{safe}>)" if safe else sentence(text)


def alert(severity: Severity | None, text: str) -> str:
    """Write a paragraph in a coloured box that fits a severity."""
    return f"> [!{_ALERTS[severity]}]\n> {text}"


def fold(summary: str, body: str) -> str:
    """Write a part that opens on a click. ``summary`` is HTML, ``body`` Markdown."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def diff(lines: Sequence[str]) -> str:
    """Write the lines of a diff, each of which starts with ``+``, ``-`` or ``@``."""
    return "\n".join(("```diff", *lines, "```"))


def headed(heading: str, said: Message | str) -> str:
    """Write a sentence after its heading."""
    text = "**{heading:sentence}.** {said:sentence}"
    return tell(text, heading=heading, said=sentence(said))


def titled(title: str, said: str) -> tuple[str, str]:
    """Write the summary of a part that opens on a click: as HTML, and as plain text."""
    text = "{title:sentence}: {said:sentence}"
    return tell(text, title=f"<b>{title}</b>", said=said), tell(text, title=title, said=said)


def row(cells: Iterable[str]) -> str:
    """Write one row of a table."""
    return f"| {' | '.join(cell or '–' for cell in cells)} |"


def table_head(columns: Sequence[str], right: frozenset[int] = frozenset()) -> str:
    """Write the head of a table; the columns at the places in ``right`` are set to the right."""
    rule = row("---:" if place in right else "---" for place in range(len(columns)))
    return f"{row(columns)}\n{rule}"
