"""Reads a comment as GitHub does, as far as a parser of its tables and HTML can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

OUR_TAGS = re.compile(r"</?(details|summary|b|code)>|<!-- advisor-report -->")


def tokens(text: str) -> list[Token]:
    """Parse a document into a flat list of tokens, those inside paragraphs among them."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return list(_flat(parser.parse(text)))


def _flat(parsed: list[Token]) -> Iterator[Token]:
    for token in parsed:
        yield token
        yield from token.children or ()


def foreign_html(text: str) -> list[str]:
    """Return the tags and comments in the document that advisor does not write itself."""
    html = (t.content for t in tokens(text) if t.type in ("html_block", "html_inline"))
    return [piece for block in html for piece in re.findall(r"<[^>]*>?", OUR_TAGS.sub("", block))]


def plain(text: str) -> str:
    """Return what GitHub's filters for mentions and the like look at: text outside of code."""
    parsed = tokens(text)
    blocks = (t.content for t in parsed if "html" in t.type)
    html = (unescape(re.sub(r"<code>.*?</code>|<[^>]*>", " ", block)) for block in blocks)
    return "\n".join((*(t.content for t in parsed if t.type == "text"), *html))


def rows(text: str) -> list[int]:
    """Return how many cells each row of each table has; the parser pads short rows."""
    counts: list[int] = []
    for token in tokens(text):
        if token.type == "tr_open":
            counts.append(0)
        elif token.type in ("td_open", "th_open"):
            counts[-1] += 1
    return counts


def cells(text: str) -> list[str]:
    """Return the text of every cell, as it is read."""
    parsed = tokens(text)
    return [
        "".join(child.content for child in parsed[i + 1].children or ())
        for i, token in enumerate(parsed)
        if token.type == "td_open"
    ]
