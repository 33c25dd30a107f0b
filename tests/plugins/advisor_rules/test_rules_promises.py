from collections.abc import Callable

from advisor.rule import Rule
from advisor.testing.rules import parametrize_rules
from advisor_rules import RULES


@parametrize_rules(RULES)
def test_a_built_in_rule_keeps_its_promises(
    rule: type[Rule], check: Callable[[type[Rule]], None]
) -> None:
    check(rule)


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
