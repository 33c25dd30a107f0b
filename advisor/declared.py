"""What makes a plugin's declaration usable: checked before anything of it runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from advisor.accuracy import Measurement
from advisor.errors import known_names, nearest
from advisor.executor import Executor
from advisor.finding import Severity
from advisor.prober import Prober, TargetAdapter
from advisor.reader import Reader
from advisor.renderer import Renderer
from advisor.roles import KEYS, PROBE
from advisor.rule import ADVICE_PARTS, BaseRule, Nature, Rule, Stage
from advisor.text import fill
from advisor.view import OBJECTIVE
from advisor.vocabulary.role_names import RoleName
from advisor.wording.catalogues import Translations

NAME = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*/)?[a-z0-9]+(-[a-z0-9]+)*")
"""Kebab-case, with the topic before a slash for other people's rules."""

_METADATA: Mapping[str, type[Any]] = {
    "name": str,
    "stage": Stage,
    "severity": Severity,
    "nature": Nature,
    "symptoms": tuple,
    "silences": tuple,
    "precedes": tuple,
    "undermines": tuple,
    "confirmed_by": tuple,
    "cleared_by": tuple,
    "separated_by": tuple,
    "do_separates": tuple,
    "citations": tuple,
    "texts": Mapping,
}
"""What a rule class must say, and as what."""

_OF_A_RUN: Mapping[str, type[Any]] = {"requires": tuple, "uses": tuple, "not_for": frozenset}
"""What a rule on one run says besides. A single name without its comma would be read by letters."""


_ROLES = (*KEYS, OBJECTIVE)
"""What a rule may require or use, apart from what probes measured."""


def declared_problem(hook: str, item: Any) -> str:
    """Say why an item that a hook returned cannot be used; empty if it can."""
    match hook:
        case "register_rules":
            return _rule_problem(item)
        case "register_readers":
            return _protocol_problem(item, Reader, "reader")
        case "register_probes":
            return _protocol_problem(item, Prober, "prober")
        case "register_targets":
            return _protocol_problem(item, TargetAdapter, "target adapter")
        case "register_executors":
            return _protocol_problem(item, Executor, "executor")
        case "register_renderers":
            return _protocol_problem(item, Renderer, "renderer")
        case "register_measurements":
            return "" if isinstance(item, Measurement) else f"{item!r} is no Measurement"
        case "register_translations":
            return "" if isinstance(item, Translations) else f"{item!r} is no Translations"
        case "register_roles":
            return "" if isinstance(item, RoleName) else f"{item!r} is no RoleName"
    return f"unknown hook {hook}"


def _rule_problem(item: Any) -> str:
    if not (inspect.isclass(item) and issubclass(item, BaseRule)):
        return f"{item!r} is no rule class (a subclass of Rule or StudyRule)"
    if inspect.isabstract(item):
        missing = ", ".join(sorted(item.__abstractmethods__))
        return f"{item.__name__} lacks {missing}"
    absent = [name for name in _METADATA if not hasattr(item, name)]
    if absent:
        return f"{item.__name__} lacks {', '.join(absent)}"
    kinds = {**_METADATA, **(_OF_A_RUN if issubclass(item, Rule) else {})}
    wrong = [name for name, kind in kinds.items() if not isinstance(getattr(item, name), kind)]
    if wrong:
        wanted = ", ".join(f"{name} (a {kinds[name].__name__})" for name in wrong)
        return f"{item.__name__} has something else than {wanted}"
    if not item.symptoms:
        return f"{item.__name__} names no symptoms"
    if not NAME.fullmatch(item.name):
        return f"{item.name!r} is no kebab-case name"
    parts = [part for part in ADVICE_PARTS if part not in item.texts]
    if parts:
        return f"{item.name} lacks the texts {', '.join(parts)}"
    if unsaid := [part for part in item.do_separates if part not in item.texts]:
        return f"{item.name} names {', '.join(unsaid)} in do_separates, and has no such text"
    return _role_problem(item) if issubclass(item, Rule) else ""


def _role_problem(rule: type[Rule]) -> str:
    """Say which role of a rule no run can have, so that the rule would never be asked."""
    for key in (role for entry in (*rule.requires, *rule.uses) for role in entry.split("|")):
        if key not in _ROLES and not key.startswith(PROBE):
            hint = nearest(key, _ROLES) or known_names((*_ROLES[:4], "…"))
            text = "{rule:given} asks for '{key:given}', which is no role{hint:sentence}"
            return fill(text, {"rule": rule.name, "key": key, "hint": hint})
    return ""


def _protocol_problem(item: Any, protocol: type[Any], word: str) -> str:
    if inspect.isclass(item) or not isinstance(item, protocol):
        return f"{item!r} is no {word}: an instance with its name and methods is wanted"
    name = getattr(item, "name", "")
    return "" if NAME.fullmatch(str(name)) else f"{name!r} is no kebab-case name"
