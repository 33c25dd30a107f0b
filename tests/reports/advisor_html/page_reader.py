"""Reads a page as a browser's parser does, as far as the standard library can."""

from __future__ import annotations

import json
import re
from functools import reduce
from html.parser import HTMLParser
from typing import Any

from advisor.report.enclosed import taken_out

VOID = frozenset({"meta", "link", "img", "br", "wbr"})


class Page(HTMLParser):
    """The elements, attributes and texts of a page."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source_text = source
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.raw: list[tuple[dict[str, str], str]] = []
        """Attributes and contents of the scripts and styles."""
        self.pieces: list[str] = []
        self.comments: list[str] = []
        self._inside = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag in ("script", "style"):
            self._inside = tag
            self.raw.append(({"tag": tag, **attributes}, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            attributes, before = self.raw[-1]
            self.raw[-1] = (attributes, before + data)
        else:
            self.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    @property
    def text(self) -> str:
        """What a reader sees, with single spaces."""
        return re.sub(r"\s+", " ", "".join(self.pieces))

    @property
    def ids(self) -> list[str]:
        """The ids of all elements."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def curves(self) -> list[Any]:
        """The curves of the charts by number, from the report that the page holds."""
        report = json.loads(taken_out(self.source_text.encode()))
        places = self.attribute("body", "data-curves")[0].split()
        return [reduce(_part, place.split("/"), report) for place in places]

    def source(self, tag: str) -> str:
        """The page's own style or script."""
        return next(c for a, c in self.raw if a["tag"] == tag and "type" not in a)

    def attribute(self, tag: str, name: str, **where: str) -> list[str]:
        """The values of an attribute of all elements of a kind."""
        return [
            attributes[name]
            for found, attributes in self.elements
            if found == tag and name in attributes and where.items() <= attributes.items()
        ]


def _part(whole: Any, key: str) -> Any:
    return whole[int(key)] if isinstance(whole, list) else whole[key]
