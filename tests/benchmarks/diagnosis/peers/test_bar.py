"""What is met beside other tools is what the intervals of the paired differences say."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.diagnosis.peers.bar import bar


def _peers(recall: tuple[float, float], precision: tuple[float, float], ours: float) -> Any:
    both = {"recall": {"difference": {"interval": recall}},
            "precision": {"difference": {"interval": precision}}}  # fmt: skip
    f1 = {"theirs": 0.4, "ours": ours}
    figures = {"read": 3, "claimed": {"warnings": both, "all": both},
               "everything": {"all": {"f1": f1}}}  # fmt: skip
    silent = figures | {"everything": {"all": {"f1": {"theirs": 0.1, "ours": ours}}}}
    return {
        "runwise": {"logs": figures, "arrays": figures | {"read": 0}},
        "other": {"logs": silent},
    }


def _cells(peers: Any) -> list[str]:
    (row,) = [line for line in bar(peers).splitlines() if line.startswith("| runwise |")]
    return [cell.strip() for cell in row.split("|")[3:-1]]


@pytest.mark.parametrize(
    ("recall", "precision", "said"),
    [
        ((0.1, 0.3), (0.2, 0.4), ("**met**: higher", "**met**: higher")),
        ((-0.1, 0.3), (-0.2, 0.1), ("**not met**: no clear difference",
                                    "**met**: no clear difference")),
        ((-0.3, -0.1), (-0.2, -0.1), ("**not met**: lower", "**not met**: lower")),
    ],
)  # fmt: skip
def test_recall_must_be_higher_and_precision_not_lower_beyond_chance(
    recall: tuple[float, float], precision: tuple[float, float], said: tuple[str, str]
) -> None:
    assert _cells(_peers(recall, precision, 0.9))[:-1] == [*said, *said]


def _level(recall: tuple[float, float], precision: tuple[float, float]) -> Any:
    return _peers(recall, precision, 0.9)["runwise"]["logs"]["claimed"]["all"]


@pytest.mark.parametrize(
    ("warnings", "notes", "said"),
    [
        (((0.1, 0.3), (-0.1, 0.1)), ((0.1, 0.3), (-0.3, -0.1)), "**met**: warnings and errors"),
        (((-0.3, -0.1), (0.1, 0.3)), ((0.1, 0.3), (0.1, 0.3)), "**met**: with notes"),
        (((0.1, 0.3), (0.1, 0.3)), ((0.1, 0.3), (0.1, 0.3)),
         "**met**: warnings and errors; with notes"),
        (((-0.3, -0.1), (0.1, 0.3)), ((0.1, 0.3), (-0.3, -0.1)), "**not met**"),
    ],
)  # fmt: skip
def test_a_tool_is_outdone_only_where_both_hold_of_the_same_findings(
    warnings: Any, notes: Any, said: str
) -> None:
    peers = _peers((0.1, 0.3), (0.1, 0.3), 0.9)
    peers["runwise"]["logs"]["claimed"] = {"warnings": _level(*warnings), "all": _level(*notes)}
    assert _cells(peers)[-1] == said


@pytest.mark.parametrize(("ours", "met"), [(0.80, True), (0.79, False)])
def test_the_best_tool_must_be_beaten_twice(ours: float, *, met: bool) -> None:
    last = bar(_peers((0.1, 0.3), (0.2, 0.4), ours)).splitlines()[-1]
    assert ("**not met**" not in last) is met
    assert "runwise, given logs" in last


def test_a_party_that_said_nothing_leaves_the_cell_empty() -> None:
    peers = _peers((0.1, 0.3), (0.2, 0.4), 0.9)
    peers["runwise"]["logs"]["claimed"]["all"] = {
        "recall": {"difference": {}}, "precision": {"difference": {}}
    }  # fmt: skip
    assert _cells(peers)[2:] == ["", "", "**met**: warnings and errors"]
