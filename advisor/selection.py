"""Which rules run, with which options, at which severity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from advisor.errors import UsageError, nearest
from advisor.finding import Severity
from advisor.rule import BaseRule, Stage
from advisor.settings import Settings
from advisor.wrong_values import wrong_values


def select_rules(rules: Mapping[str, type[BaseRule]], settings: Settings) -> tuple[BaseRule, ...]:
    """Make the rules that the settings ask for, in the order of their names.

    ``select`` and ``ignore`` take rules and stages; a rule's name beats a stage's, and
    ``ignore`` beats ``select`` where both name it alike. Raises ``UsageError`` for a name that
    is neither, and for options that do not fit.
    """
    for key in ("select", "ignore"):
        _check_names(rules, getattr(settings, key), key)
    _check_names(rules, settings.accept, "accept", stages=False)
    _check_names(rules, settings.rules, "rules", stages=False)
    return tuple(
        _make(rules[name], settings.rules.get(name, {}))
        for name in sorted(rules)
        if _wanted(rules[name], settings)
    )


def severity_of(rule: BaseRule, settings: Settings) -> Severity | None:
    """Return the severity that the settings give a rule's findings, if they give one."""
    given = settings.rules.get(rule.name, {}).get("severity")
    return None if given is None else Severity(given)


def _wanted(rule: type[BaseRule], settings: Settings) -> bool:
    if rule.name in settings.ignore:
        return False
    if rule.name in settings.select:
        return True
    if rule.stage.value in settings.ignore:
        return False
    return not settings.select or rule.stage.value in settings.select


_NO_RULE = "{key:given}: no rule is named '{name:given}'{hint:sentence}"
_NO_RULE_OR_STAGE = "{key:given}: no rule or stage is named '{name:given}'{hint:sentence}"


def _check_names(
    rules: Mapping[str, Any], names: Iterable[str], key: str, *, stages: bool = True
) -> None:
    known = [*rules, *(stage.value for stage in Stage)] if stages else list(rules)
    for name in names:
        if name not in known:
            text = _NO_RULE_OR_STAGE if stages else _NO_RULE
            raise UsageError(text, key=key, name=name, hint=nearest(name, known))


def _make(rule: type[BaseRule], options: Mapping[str, Any]) -> BaseRule:
    given = {key.replace("-", "_"): value for key, value in options.items() if key != "severity"}
    _check_severity(rule.name, options.get("severity"))
    try:
        return rule(**given)
    except ValidationError as error:
        known = ["severity", *rule.model_fields]
        wrong = wrong_values(error, known, table=f"rules.{rule.name}")
        raise UsageError("{wrong:sentence}", wrong="\n".join(wrong)) from error


def _check_severity(name: str, severity: object) -> None:
    known = [level.value for level in Severity]
    if severity is not None and severity not in known:
        text = "rules.{rule:given}.severity: '{severity:given}' is none of {known:given}"
        raise UsageError(text, rule=name, severity=severity, known=", ".join(known))
