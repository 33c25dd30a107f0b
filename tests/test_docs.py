"""What is generated into the documentation is fresh."""

from __future__ import annotations

from pathlib import Path

from advisor.docs import COMMAND, FOLDER, builtin_pages, stale

ROOT = Path(__file__).parents[1]


def test_the_pages_of_the_rules_are_fresh() -> None:
    old = stale(ROOT / FOLDER, builtin_pages())
    assert not old, f"run `{COMMAND}`: {', '.join(old)} would change"
