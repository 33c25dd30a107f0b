"""Asking another rule about the same run, for rules whose advice goes beneath its finding."""

from __future__ import annotations

from advisor.curve import Curve
from advisor.finding import Finding
from advisor.rule import NotApplicable, Rule
from advisor.view import RunView


def roles_of(*rules: type[Rule]) -> tuple[str, ...]:
    """Return every role that some rules look at: what a rule that asks them must declare."""
    entries = (entry for rule in rules for entry in (*rule.requires, *rule.uses))
    return tuple(dict.fromkeys(key for entry in entries for key in entry.split("|")))


def first_finding(run: RunView, *rules: type[Rule], above: float = 0.5) -> Finding | None:
    """Return what the first rule that fires finds, each with its default options.

    What is no likelier than ``above`` does not count: by default, what is no likelier than not is
    nothing to build on.
    """
    asked = (_ask(rule(), run) for rule in rules)
    return next((found for found in asked if found and found.confidence > above), None)


def _ask(rule: Rule, run: RunView) -> Finding | None:
    long_enough = all(_is_long(run.get(key), rule.points) for key in rule.requires)
    if run.task in rule.not_for or not long_enough:
        return None
    try:
        return next(iter(rule.check(run)), None)
    except NotApplicable:
        return None


def _is_long(curve: Curve | None, points: int) -> bool:
    return curve is not None and len(curve) >= max(points, 1)
