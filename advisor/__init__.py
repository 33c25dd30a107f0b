"""advisor tells people who train neural networks what is wrong with a run and what to change.

The public names are imported on first use, so that ``advisor --help`` answers at once.
"""

from __future__ import annotations

from importlib import import_module

from advisor.version import __version__

TYPE_CHECKING = False  # that of `typing`, whose import is a tenth of what `--help` may take
if TYPE_CHECKING:
    from advisor.accuracy import ConfidenceBin, Measurement, Rate
    from advisor.api import Report, analyze
    from advisor.finding import Change, Citation, Cost, Evidence, Finding, Severity
    from advisor.hookspecs import hookimpl
    from advisor.hyperparameters import Setting
    from advisor.notes import Note, NoteKind, note
    from advisor.reader import (
        Claim,
        Progress,
        Reader,
        Refusal,
        ResumingReader,
        Unreadable,
    )
    from advisor.renderer import Renderer
    from advisor.roles import Kind, Role, Split, Task
    from advisor.rule import Example, Nature, NotApplicable, Rule, Stage, StudyRule, option
    from advisor.run import Axis, ConfigValue, Run, Series
    from advisor.study import Study
    from advisor.summary import RunSummary
    from advisor.view import RunView
    from advisor.vocabulary.role_names import RoleName

_HOME = {
    "analyze": "api",
    "Axis": "run",
    "Change": "finding",
    "Citation": "finding",
    "Claim": "reader",
    "ConfidenceBin": "accuracy",
    "ConfigValue": "run",
    "Cost": "finding",
    "Evidence": "finding",
    "Example": "rule",
    "Finding": "finding",
    "Kind": "roles",
    "Measurement": "accuracy",
    "Nature": "rule",
    "NotApplicable": "rule",
    "Note": "notes",
    "NoteKind": "notes",
    "Progress": "reader",
    "Rate": "accuracy",
    "Reader": "reader",
    "Refusal": "reader",
    "Renderer": "renderer",
    "Report": "api",
    "ResumingReader": "reader",
    "Role": "roles",
    "RoleName": "vocabulary.role_names",
    "Rule": "rule",
    "Run": "run",
    "RunSummary": "summary",
    "RunView": "view",
    "Series": "run",
    "Setting": "hyperparameters",
    "Severity": "finding",
    "Split": "roles",
    "Stage": "rule",
    "Study": "study",
    "StudyRule": "rule",
    "Task": "roles",
    "Unreadable": "reader",
    "hookimpl": "hookspecs",
    "note": "notes",
    "option": "rule",
}

__all__ = [
    "Axis",
    "Change",
    "Citation",
    "Claim",
    "ConfidenceBin",
    "ConfigValue",
    "Cost",
    "Evidence",
    "Example",
    "Finding",
    "Kind",
    "Measurement",
    "Nature",
    "NotApplicable",
    "Note",
    "NoteKind",
    "Progress",
    "Rate",
    "Reader",
    "Refusal",
    "Renderer",
    "Report",
    "ResumingReader",
    "Role",
    "RoleName",
    "Rule",
    "Run",
    "RunSummary",
    "RunView",
    "Series",
    "Setting",
    "Severity",
    "Split",
    "Stage",
    "Study",
    "StudyRule",
    "Task",
    "Unreadable",
    "__version__",
    "analyze",
    "hookimpl",
    "note",
    "option",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'advisor' has no attribute {name!r}")
    return getattr(import_module(f"advisor.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
