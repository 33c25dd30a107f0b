"""Taking secrets, addresses and home directories out of whatever a report says.

A report is attached to pull requests; configs hold API keys, paths hold user names, and the
names of event files hold the host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from advisor.drawing.drawn import Curve
from advisor.model import Document
from advisor.naming import free
from advisor.report import Report
from advisor.run import ConfigValue

_T = TypeVar("_T")
_D = TypeVar("_D", bound=Document)

HIDDEN = "<hidden>"

_SECRET_PART = re.compile(
    r"(?<![a-z])(api_?keys?|access_?keys?|secrets?|passw(or)?ds?|passphrases?|pwd|credentials?|"
    r"auth|authori[sz]ation|private_?keys?|cookies?|bearer|hosts?|host_?names?|user_?names?|"
    r"e_?mails?)(?![a-z])",
    re.IGNORECASE,
)
"""Parts of a config path whose values are never shown."""

_TOKEN_PART = re.compile(r"(^|_)tokens?$", re.IGNORECASE)
_VOCABULARY_PART = re.compile(
    r"(^|_)(pad|bos|eos|sos|unk|mask|cls|sep|sop|image|special|start|end|max|min|n|num|total|new|"
    r"train|val|test|batch)_tokens?$",
    re.IGNORECASE,
)
"""A token opens a service, unless it is one of a vocabulary or counted: numbers stay as well."""

_PATTERNS = (
    # Credentials by their well-known beginnings, or in a URL.
    (re.compile(r"\b(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}"), HIDDEN),
    (re.compile(r"\b(gh[pousr]|github_pat|glpat|hf|xox[abprs]|npm)[-_][A-Za-z0-9_-]{10,}"), HIDDEN),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"), HIDDEN),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{30,}"), HIDDEN),
    (re.compile(r"(?<![\w-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"), HIDDEN),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])"), HIDDEN),
    (re.compile(r"(?<=://)[^/\s@]+@"), ""),
    (
        # Beginning only where an address can begin keeps long texts from taking forever.
        re.compile(r"(?<![\w.%+-])[\w.%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
        "<address>",
    ),
    # Home directories, on each system.
    (re.compile(r"(?<![\w.])/(home|Users)/[^/\s'\"]+"), "~"),
    (re.compile(r"(?<![\w.])/root(?=/|$)"), "~"),
    (re.compile(r"\b[A-Za-z]:\\+Users\\+[^\\\s'\"]+"), "~"),
    # The host in the name of an event file, and in addresses.
    (
        re.compile(
            r"(events\.out\.tfevents\.\d{10})\.[^/\s`]{0,255}?"
            r"(?=(\.\d{1,20}){0,2}(\.v2)?($|[\s`,;:)]))"
        ),
        r"\1.<host>",
    ),
    (re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"), "<host>"),
)


@lru_cache(maxsize=4096)  # a report says most things once for every run
def redact_text(text: str) -> str:
    """Return a text without secrets, addresses, hosts and home directories."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def is_secret(path: str, value: object) -> bool:
    """Whether a config value must not be shown, by the path that it stands under."""
    if value is None or isinstance(value, bool):
        return False
    parts = re.split(r"[./]", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path).replace("-", "_"))
    if any(_SECRET_PART.search(part) for part in parts):
        return True
    opens = _TOKEN_PART.search(parts[-1]) and not _VOCABULARY_PART.search(parts[-1])
    return bool(opens) and not isinstance(value, int | float)


def redact(report: Report) -> Report:
    """Return a report in which every text, name and config value is redacted.

    Runs that would get one name are numbered, so that everything still refers to its run. What
    holds nothing to redact is not copied but shared with ``report``.
    """
    shown: Report = _Redactor(report).shown(report)
    return shown


_NOTHING_TO_HIDE = frozenset((float, int, bool, type(None)))
_NAMING = ("name", "run", "runs", "seeds")
"""The fields under which a report names its runs."""


class _Redactor:
    """Redacts documents and plain data, and calls a run by one name everywhere."""

    def __init__(self, report: Report) -> None:
        self._names: dict[str, str] = {}
        taken = {run.name for run in report.runs if redact_text(run.name) == run.name}
        for run in report.runs:
            if run.name not in taken:
                self._names[run.name] = free(redact_text(run.name), taken)
                taken.add(self._names[run.name])

    def shown(self, value: Any, key: str = "") -> Any:
        """Return what stands under ``key``, redacted; itself where nothing had to be."""
        # By their very types first: nearly all that a report holds is one of these.
        if type(value) is str:
            return _or_other(value, self._text(value, key))
        if type(value) in _NOTHING_TO_HIDE:
            return value
        match value:
            case tuple():
                return _or_other(value, tuple([self.shown(v, key) for v in value]))
            case dict():
                entry = self._config_value if key == "config" else self.shown
                return _or_other(value, {redact_text(k): entry(v, k) for k, v in value.items()})
            case Curve():
                return _with(value, {"series": self.shown(value.series)})
            case Document():
                own = value.__dict__
                return _with(value, {n: self.shown(own[n], n) for n in type(value).model_fields})
            case float() | int() | Enum():
                return value
            case str():
                return _or_other(value, self._text(value, key))
        raise TypeError(f"a report holds no {type(value).__name__}")

    def _text(self, text: str, key: str) -> str:
        known = self._names.get(text) if key in _NAMING else None
        return redact_text(self._renamed(text)) if known is None else known

    def _renamed(self, text: str) -> str:
        """Call the runs in a sentence, which stand in code spans, as they are called elsewhere."""
        if not self._names:
            return text
        pieces = text.split("`")
        pieces[1::2] = [self._names.get(piece, piece) for piece in pieces[1::2]]
        return "`".join(pieces)

    def _config_value(self, entry: ConfigValue, path: str) -> ConfigValue:
        shown = HIDDEN if is_secret(path, entry.value) else self.shown(entry.value)
        origin = _or_other(entry.origin, redact_text(entry.origin))
        return _with(entry, {"value": shown, "origin": origin})


def _or_other(value: _T, other: _T) -> _T:
    """Return a value itself where the other one is equal, so that it is told from a change."""
    return value if value == other else other


def _with(document: _D, fields: Mapping[str, object]) -> _D:
    """Return a document with other values of some fields; itself if they are its own."""
    own = document.__dict__
    other = {name: value for name, value in fields.items() if value is not own[name]}
    return document.model_copy(update=other) if other else document
