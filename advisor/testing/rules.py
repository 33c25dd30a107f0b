"""The promises of rules: ``parametrize_rules`` makes tests of them.

@parametrize_rules([NoWarmup])
def test_a_rule_keeps_its_promises(rule, check):
    check(rule)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from advisor.rule import BaseRule, Rule, StudyRule
from advisor.testing.checks import Check, parametrize
from advisor.testing.rule_page import page_checks
from advisor.testing.rule_runs import outcome_on, run_checks
from advisor.testing.rule_studies import study_checks

__all__ = ["outcome_on", "parametrize_rules", "rule_checks"]

RuleCheck = Check[type[BaseRule]]


def rule_checks(rule: type[BaseRule]) -> Iterator[RuleCheck]:
    """Yield the checks that hold for a rule: some for all, the others by what it looks at."""
    yield from page_checks()
    if issubclass(rule, Rule):
        yield from cast("Iterator[RuleCheck]", run_checks())
    if issubclass(rule, StudyRule):
        yield from cast("Iterator[RuleCheck]", study_checks())


def parametrize_rules(
    rules: Iterable[type[BaseRule]], *, expected_failures: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make pytest run every check on every rule.

    ``expected_failures`` names a check, or ``rule:check``, with the reason why the promise is
    not kept there; the reason is mandatory, and the check must then fail.
    """
    return parametrize(
        "rule",
        rules,
        checks=rule_checks,
        label=lambda rule: rule.name,
        expected_failures=expected_failures or {},
    )
