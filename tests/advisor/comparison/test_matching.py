from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.comparison.matching import match
from tests.comparisons import report


@pytest.mark.parametrize(
    ("now", "before", "pairs"),
    [
        pytest.param(["a", "b"], ["b", "a"], {"a": "a", "b": "b"}, id="by name, in any order"),
        pytest.param(["."], ["."], {".": "."}, id="a run in LOGS itself"),
        pytest.param(["runs/a"], ["a"], {"runs/a": "a"}, id="LOGS was a folder further down"),
        pytest.param(["a"], ["old/a", "b"], {"a": "old/a"}, id="LOGS was a folder further up"),
        pytest.param(["a"], ["x/a", "y/a"], {}, id="two runs have the same end"),
        pytest.param(["ba"], ["a", "c"], {}, id="half a name is no end"),
        pytest.param(["v1"], ["v0"], {"v1": "v0"}, id="one run on each side"),
        pytest.param(["v1", "v2"], ["v0"], {}, id="two runs beside one are not guessed"),
        pytest.param(["a", "v1"], ["a", "v0"], {"a": "a"}, id="nor is what is left over"),
    ],
)
def test_names_decide_which_runs_belong_together(
    now: list[str], before: list[str], pairs: dict[str, str]
) -> None:
    assert match(report(now), report(before)).pairs == pairs


def test_runs_without_a_counterpart_are_named() -> None:
    found = match(report(["a", "b"]), report(["a", "c"]))
    assert (found.added, found.missing) == (("b",), ("c",))
    said = {message.id: message.params for message in found.told()}
    assert said["baseline.by_name"] == {"n": 1}
    assert said["baseline.added"] == {"runs": ("b",)}
    assert said["baseline.missing"] == {"runs": ("c",)}


_NAMES = st.lists(st.sampled_from(["a", "b", "x/a", "x/b", "y/x/a", "."]), unique=True, max_size=6)


@given(_NAMES, _NAMES)
def test_every_run_is_in_one_pair_or_said_to_be_alone(now: list[str], before: list[str]) -> None:
    found = match(report(now), report(before))
    assert sorted((*found.pairs, *found.added)) == sorted(now)
    assert sorted((*found.pairs.values(), *found.missing)) == sorted(before)
    assert set(found.how) == set(found.pairs)
