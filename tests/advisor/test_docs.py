"""The pages of the rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import pytest

from advisor.accuracy import Measurement, Rate
from advisor.docs import builtin_pages, builtin_rules, index_page, rule_page, stale, write
from advisor.finding import Citation
from advisor.manager import load_plugins
from advisor.page import SECTIONS
from advisor.presentation.sparklines import BLOCKS
from advisor.rule import BaseRule
from tests.advisor.testing.bad_rules import PAGE, Good, GoodStudy


class Cited(Good):
    __doc__ = PAGE
    name = "house/cited"
    citations: ClassVar[tuple[Citation, ...]] = (
        Citation(source="Linked", supports="Yes.", url="https://example.org/a"),
        Citation(source="Not linked", supports="No.", url="javascript:alert(1)"),
    )


@pytest.mark.parametrize("rule", [Good, GoodStudy])
def test_a_page_has_every_section_once(rule: type[BaseRule]) -> None:
    headings = re.findall(r"^## (.+)$", rule_page(rule), re.MULTILINE)
    assert tuple(headings[:4]) == SECTIONS
    assert headings[-1] == "References"
    assert len(set(headings)) == len(headings)


def test_a_page_shows_options_with_default_meaning_and_source() -> None:
    row = next(line for line in rule_page(Good).splitlines() if line.startswith("| `least`"))
    assert row.split(" | ")[1:] == [
        "`0.0`",
        "The smallest rise, as a share of the largest loss.",
        "chosen |",
    ]
    assert '[tool.advisor.rules."house/good"]' in rule_page(Good)
    assert "## Options" not in rule_page(GoodStudy)


MEASURED = Measurement(
    name=Good.name,
    alarms=Rate(part=3, of=250),
    right=Rate(part=62, of=70),
    recall={"blatant": Rate(part=9, of=10), "subtle": Rate()},
)


def test_a_page_shows_what_was_measured_with_intervals_where_there_is_enough() -> None:
    text = rule_page(Good, MEASURED).split("## Measured accuracy")[1].split("\n## ")[0]
    assert "| right, where it spoke | 62 of 70, 89% (79.0% to 94.1%) |" in text
    assert "| blatant faults that it found | 9 of 10 |" in text
    assert "subtle" not in text
    assert MEASURED.unproven is not None
    assert MEASURED.unproven.text in text
    assert "note, meant as warning" in index_page([Good], {Good.name: MEASURED})


def test_a_page_says_that_nothing_was_measured() -> None:
    assert "## Measured accuracy\n\nNot measured." in rule_page(Good)


def test_examples_are_drawn_firing_ones_first() -> None:
    drawn = rule_page(Good).split("## Examples")[1]
    fires, silent = drawn.split("### It stays silent on")
    rising = next(line for line in fires.splitlines() if line.startswith("train/loss"))
    falling = next(line for line in silent.splitlines() if line.startswith("train/loss"))
    assert rising.split()[1][0] == falling.split()[1][-1] == BLOCKS[0]
    assert rising.split()[1][-1] == falling.split()[1][0] == BLOCKS[-1]


def test_only_a_web_address_becomes_a_link() -> None:
    text = rule_page(Cited)
    assert "- [Linked](https://example.org/a): Yes." in text
    assert "- Not linked: No." in text
    assert "javascript" not in text


def test_the_index_lists_each_rule_once_by_stage() -> None:
    text = index_page([Good, GoodStudy])
    assert text.index("## learning-rate") < text.index("## search")
    assert text.count("](house/good.md)") == 1


def test_pages_of_rules_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    files = {"index.md": "new\n"}
    assert stale(tmp_path, files) == ("gone.md", "index.md")
    write(tmp_path, files)
    assert stale(tmp_path, files) == ()
    assert [path.name for path in tmp_path.iterdir()] == ["index.md"]


def test_only_built_in_rules_have_pages() -> None:
    rules = builtin_rules()
    assert rules
    assert all("/" not in rule.name for rule in rules)
    assert {rule.name for rule in rules} <= load_plugins().rules.keys()


def test_the_pages_are_the_same_every_time() -> None:
    assert builtin_pages() == builtin_pages()
