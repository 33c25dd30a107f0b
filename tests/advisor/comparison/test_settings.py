"""Settings that differ between a run and its run of the baseline are named, with both values."""

from __future__ import annotations

import math

from advisor.comparison import compare
from advisor.comparison.settings import MOST, changed
from advisor.model import Value
from advisor.presentation.comparison import settings_phrases
from advisor.report import RunEntry
from advisor.run import ConfigValue
from tests import comparisons


def run(**settings: Value) -> RunEntry:
    """A run with these settings."""
    config = {
        name: ConfigValue(value=value, origin="config.yaml") for name, value in settings.items()
    }
    return comparisons.run("one").model_copy(update={"config": config})


def names(now: RunEntry, before: RunEntry) -> list[str]:
    """The settings that are said to differ."""
    return [change.setting for change in changed(now, before)]


def test_a_value_that_is_another_or_on_one_side_only_is_named() -> None:
    now, before = run(lr=0.01, batch=64, dropout=0.5), run(lr=0.1, batch=64, momentum=0.9)
    assert [(c.setting, c.was, c.now) for c in changed(now, before)] == [
        ("lr", 0.1, 0.01),
        ("momentum", 0.9, None),
        ("dropout", None, 0.5),
    ]


def test_numbers_that_were_written_differently_are_the_same() -> None:
    assert names(run(lr=0.1, seed=1), run(lr=0.1 * (1 + 1e-12), seed=1.0)) == []
    assert names(run(x=math.nan), run(x=math.nan)) == []


def test_true_is_not_the_number_one() -> None:
    assert names(run(amp=True), run(amp=1)) == ["amp"]


def test_where_a_side_recorded_nothing_nothing_is_said() -> None:
    assert names(run(), run(lr=0.1)) == []
    assert names(run(lr=0.1), run()) == []


def test_of_very_many_some_are_kept_and_fewer_said() -> None:
    now, before = (run(**{f"x{n}": value for n in range(99)}) for value in (1, 2))
    assert len(names(now, before)) == MOST
    report = compare(comparisons.report([now]), comparisons.report([before]))
    assert report.comparison is not None
    said = list(settings_phrases(report.comparison.scores[0]))
    assert said[0] == "x0: 2 → 1"
    assert said[-1] == f"and {MOST - 8} more"
