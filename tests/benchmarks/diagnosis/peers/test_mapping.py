"""What other tools' findings mean is said in the names of our own faults."""

from __future__ import annotations

import pytest

from benchmarks.diagnosis.answers import ANSWERS
from benchmarks.diagnosis.peers.mapping import CLAIMS, MEANINGS, Meaning

EVERY = [(tool, name) for tool, meanings in MEANINGS.items() for name in meanings]


def _meaning(tool: str, name: str) -> Meaning:
    return MEANINGS[tool][name]


@pytest.mark.parametrize(("tool", "name"), EVERY)
def test_a_finding_means_only_faults_that_are_planted(tool: str, name: str) -> None:
    meaning = _meaning(tool, name)
    assert {*meaning.names, *meaning.true_of} <= set(ANSWERS)


@pytest.mark.parametrize("tool", MEANINGS)
def test_a_tool_is_held_only_to_faults_that_a_finding_of_its_can_name(tool: str) -> None:
    named = {fault for meaning in MEANINGS[tool].values() for fault in meaning.names}
    assert set(CLAIMS[tool]) <= named


def test_every_tool_has_its_claims() -> None:
    assert list(CLAIMS) == list(MEANINGS)


@pytest.mark.parametrize(("tool", "name"), EVERY)
def test_a_finding_is_likened_only_to_rules_that_there_are(tool: str, name: str) -> None:
    from advisor.manager import load_plugins

    assert set(_meaning(tool, name).as_rules) <= set(load_plugins().rules)
