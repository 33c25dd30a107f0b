from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan
from typing import Any

import pytest

from advisor.errors import UsageError
from advisor.finding import Severity
from advisor.rule import BaseRule, Stage, option
from advisor.selection import select_rules, severity_of
from advisor.settings import Settings
from tests.support import make_rule


def _with_option() -> type[BaseRule]:
    return make_rule(
        "past-best",
        stage=Stage.EPOCHS,
        __annotations__={"most_epochs": int, "share": float},
        most_epochs=option(5, "epochs", source="a test", ge=1),
        share=option(0.5, "share", source="a test"),
    )


RULES: Mapping[str, type[BaseRule]] = {
    "overfitting": make_rule("overfitting", stage=Stage.FIT),
    "underfitting": make_rule("underfitting", stage=Stage.FIT),
    "past-best": _with_option(),
}


def _names(**settings: Any) -> list[str]:
    return [rule.name for rule in select_rules(RULES, Settings(**settings))]


@pytest.mark.parametrize(
    ("select", "ignore", "left"),
    [
        ((), (), ["overfitting", "past-best", "underfitting"]),
        (("fit",), (), ["overfitting", "underfitting"]),
        (("overfitting",), (), ["overfitting"]),
        ((), ("fit",), ["past-best"]),
        (("overfitting",), ("fit",), ["overfitting"]),
        (("fit",), ("overfitting",), ["underfitting"]),
        (("fit",), ("fit",), []),
        (("overfitting",), ("overfitting",), []),
        (("overfitting", "epochs"), ("fit",), ["overfitting", "past-best"]),
    ],
)
def test_a_rule_beats_a_stage_and_ignore_beats_select(
    select: tuple[str, ...], ignore: tuple[str, ...], left: list[str]
) -> None:
    assert _names(select=select, ignore=ignore) == left


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"select": ("overfiting",)}, "select: no rule or stage is named 'overfiting'; did you"),
        ({"ignore": ("epoch",)}, "ignore: no rule or stage is named 'epoch'; did you mean 'epo"),
        ({"accept": {"fit": "on purpose"}}, "accept: no rule is named 'fit'"),
        ({"rules": {"past-bets": {}}}, "rules: no rule is named 'past-bets'; did you mean"),
        ({"rules": {"past-best": {"most-epoch": 3}}}, "unknown key 'most-epoch' in rules.past-b"),
        ({"rules": {"past-best": {"most-epoch": 3}}}, "did you mean 'most-epochs'?"),
        (
            {"rules": {"past-best": {"most-epochs": 0}}},
            "rules.past-best.most-epochs = 0: must be greater than or equal to 1",
        ),
        (
            {"rules": {"past-best": {"most-epochs": "x"}}},
            'rules.past-best.most-epochs = "x": must be a whole number',
        ),
        (
            {"rules": {"past-best": {"share": inf}}},
            "past-best.share = inf: must be a finite number",
        ),
        (
            {"rules": {"past-best": {"share": nan}}},
            "past-best.share = nan: must be a finite number",
        ),
        ({"rules": {"overfitting": {"severity": "fatal"}}}, "rules.overfitting.severity: 'fatal'"),
        ({"rules": {"overfitting": {"severity": ["error"]}}}, "rules.overfitting.severity: "),
    ],
)
def test_what_does_not_fit_is_named(settings: dict[str, Any], text: str) -> None:
    with pytest.raises(UsageError) as error:
        _names(**settings)
    assert text in str(error.value)


@pytest.mark.parametrize("key", ["most-epochs", "most_epochs"])
def test_options_reach_the_rule(key: str) -> None:
    rules = select_rules(RULES, Settings(rules={"past-best": {key: 9}}))
    assert next(rule for rule in rules if rule.name == "past-best").model_dump() == {
        "most_epochs": 9,
        "share": 0.5,
    }


def test_a_severity_is_no_option_and_is_the_settings_own() -> None:
    settings = Settings(rules={"past-best": {"severity": "note"}})
    severities = {rule.name: severity_of(rule, settings) for rule in select_rules(RULES, settings)}
    assert severities == {"overfitting": None, "past-best": Severity.NOTE, "underfitting": None}


def test_every_wrong_option_of_a_rule_is_named_at_once() -> None:
    with pytest.raises(UsageError) as error:
        _names(rules={"past-best": {"most-epochs": 0, "share": "much"}})
    assert len(str(error.value).splitlines()) == 2
