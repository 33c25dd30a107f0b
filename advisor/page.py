"""The documentation page of a rule, taken apart: its docstring, and where its options come from."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

from advisor.rule import OPTION_SOURCE, BaseRule

SECTIONS = ("What it checks", "Why it matters", "What to do", "When to ignore it")
"""The headings that every rule's docstring has, in this order, each after ``## ``."""

_HEADING = "## "


@dataclass(frozen=True, slots=True)
class Page:
    """A docstring as summary and sections."""

    summary: str
    """What stands before the first heading, on one line."""
    sections: tuple[tuple[str, str], ...]
    """Heading and text, in the order of the docstring."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a rule, in words."""

    name: str
    default: Any
    meaning: str
    source: str
    """Where the default comes from."""


def page(rule: type[BaseRule]) -> Page:
    """Take a rule's own docstring apart; an inherited one does not count."""
    head, *rest = inspect.cleandoc(rule.__dict__.get("__doc__") or "").split(f"\n{_HEADING}")
    return Page(" ".join(head.split()), tuple(_section(text) for text in rest))


def _section(text: str) -> tuple[str, str]:
    heading, _, body = text.partition("\n")
    return heading.strip(), body.strip()


def options(rule: type[BaseRule]) -> tuple[Option, ...]:
    """Return a rule's options in the order in which it declares them."""
    return tuple(
        Option(name, field.default, field.description or "", _source(field.json_schema_extra))
        for name, field in rule.model_fields.items()
    )


def _source(extra: Any) -> str:
    return str(extra.get(OPTION_SOURCE, "")) if isinstance(extra, dict) else ""
