"""Renderers: from a report to the text of one file. The report is all that they see."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from advisor.report import Report


@runtime_checkable
class Renderer(Protocol):
    """One format."""

    name: str
    """What ``--format`` takes: ``html``."""
    suffix: str
    """With the dot: ``.html``."""
    summary: str
    """What it is for, in one line."""

    def render(self, report: Report) -> str:
        """Write the report: the same report gives the same text, byte for byte."""
        ...


@runtime_checkable
class FitsTerminal(Protocol):
    """A renderer that can be fitted to the terminal it is printed on."""

    def fitted(self, *, width: int, color: bool) -> Renderer:
        """Return the renderer for ``width`` columns, with or without ANSI colours."""
        ...
