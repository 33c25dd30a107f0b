"""Taking secrets, addresses and home directories out of whatever a report says.

A report is attached to pull requests; configs hold API keys, paths hold user names, and the
names of event files hold the host.
"""

from __future__ import annotations

import re
from typing import Any

from advisor.report import Report

HIDDEN = "<hidden>"

_SECRET_KEY = re.compile(
    r"(^|[^a-z])(api_?key|access_?key|secret|passw(or)?d|passwd|token|credentials?|auth|"
    r"private_?key|cookie|bearer)s?($|[^a-z])",
    re.IGNORECASE,
)
"""Config paths whose values are never shown. ``tokens`` or ``tokenizer`` is no secret: numbers
and the names of tokenizers stay."""

_HARMLESS_KEY = re.compile(
    r"(token(s|izer|ization|_id|_count|_type|_len)|num_tokens|max_token)", re.I
)

_PATTERNS = (
    # Credentials by their well-known beginnings, or in a URL.
    (re.compile(r"\b(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}"), HIDDEN),
    (re.compile(r"\b(gh[pousr]|github_pat|glpat|hf|xox[abprs]|npm)[-_][A-Za-z0-9_-]{10,}"), HIDDEN),
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"), HIDDEN),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{30,}"), HIDDEN),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"), HIDDEN),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])"), HIDDEN),
    (re.compile(r"(?<=://)[^/\s@]+@"), ""),
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"), "<address>"),
    # Home directories, on each system.
    (re.compile(r"(?<![\w.])/(home|Users)/[^/\s'\"]+"), "~"),
    (re.compile(r"(?<![\w.])/root(?=/|$)"), "~"),
    (re.compile(r"\b[A-Za-z]:\\+Users\\+[^\\\s'\"]+"), "~"),
    # The host in the name of an event file, and in addresses.
    (
        re.compile(r"(events\.out\.tfevents\.\d{10})\.[^/\s`]*?(?=(\.\d+)*(\.v2)?($|[\s`,;:)]))"),
        r"\1.<host>",
    ),
    (re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"), "<host>"),
)


def redact_text(text: str) -> str:
    """Return a text without secrets, addresses, hosts and home directories."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def is_secret_key(path: str) -> bool:
    """Whether a config path names something whose value must not be shown."""
    spelled = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", path)
    return bool(_SECRET_KEY.search(spelled)) and not _HARMLESS_KEY.search(spelled)


def redact(report: Report) -> Report:
    """Return a report in which every text, name and config value is redacted."""
    return Report.model_validate(_redact(report.model_dump(by_alias=True)))


def _redact(value: Any, key: str = "") -> Any:
    match value:
        case str():
            return redact_text(value)
        case dict():
            return {redact_text(str(k)): _entry(k, v, key) for k, v in value.items()}
        case list() | tuple():
            return [_redact(item) for item in value]
    return value


def _entry(key: str, value: Any, parent: str) -> Any:
    if parent == "config" and is_secret_key(key) and value.get("value") is not None:
        return {**value, "value": HIDDEN, "origin": redact_text(value["origin"])}
    return _redact(value, key)
