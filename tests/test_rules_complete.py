"""Every rule of the catalogue is there, with all that makes a rule complete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.docs import FOLDER, builtin_rules
from advisor.rule import BaseRule, Rule, StudyRule

ROOT = Path(__file__).parents[1]
RULES = builtin_rules()

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@each_rule
def test_a_rule_has_a_page_and_cites_what_it_is_drawn_from(rule: type[BaseRule]) -> None:
    text = (ROOT / FOLDER / f"{rule.name}.md").read_text(encoding="utf-8")
    assert "## Measured accuracy" in text
    assert rule.citations
    assert all(citation.source in text for citation in rule.citations)


@each_rule
def test_a_rule_shows_where_it_fires_and_where_it_stays_silent(rule: type[BaseRule]) -> None:
    assert issubclass(rule, Rule | StudyRule)
    assert {example.fires for example in rule.examples()} == {True, False}


def test_the_list_says_of_every_rule_where_it_comes_from_and_what_was_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rules", "--format", "json"]) == 0
    listed = {rule["name"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert {rule.name for rule in RULES} <= listed.keys()
    assert {rule["kind"] for rule in listed.values()} == {"run", "config", "sweep"}
    drawn = [r for r in listed.values() if not r["name"].startswith("telemetry-")]
    assert all(rule["documents"] for rule in drawn)
    for rule in listed.values():
        assert rule["nature"] in ("fault", "option")
        assert "accuracy" in rule
        assert all(option["source"] for option in rule["options"].values())
