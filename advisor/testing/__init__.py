"""For authors of plugins: runs and reports made by hand, and the promises every plugin keeps.

The names are imported on first use, because rules import ``make_run`` for their examples.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.testing.checks import Broken, broken_promises
    from advisor.testing.readers import ReaderCase, parametrize_readers, reader_checks
    from advisor.testing.renderers import parametrize_renderers, renderer_checks
    from advisor.testing.reports import empty_report, hostile_report, small_report
    from advisor.testing.rules import outcome_on, parametrize_rules, rule_checks
    from advisor.testing.runs import make_run, make_study

_HOME = {
    "Broken": "checks",
    "ReaderCase": "readers",
    "broken_promises": "checks",
    "empty_report": "reports",
    "hostile_report": "reports",
    "make_run": "runs",
    "make_study": "runs",
    "outcome_on": "rules",
    "parametrize_readers": "readers",
    "parametrize_renderers": "renderers",
    "parametrize_rules": "rules",
    "reader_checks": "readers",
    "renderer_checks": "renderers",
    "rule_checks": "rules",
    "small_report": "reports",
}

__all__ = [
    "Broken",
    "ReaderCase",
    "broken_promises",
    "empty_report",
    "hostile_report",
    "make_run",
    "make_study",
    "outcome_on",
    "parametrize_readers",
    "parametrize_renderers",
    "parametrize_rules",
    "reader_checks",
    "renderer_checks",
    "rule_checks",
    "small_report",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'advisor.testing' has no attribute {name!r}")
    return getattr(import_module(f"advisor.testing.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
