"""What was measured of a rule is said with its counts, and as a percentage only of enough."""

from __future__ import annotations

import pytest

from advisor.accuracy import Measurement, Rate
from advisor.presentation.accuracy import FEWEST, NOT_MEASURED, brief, counted, measured_rows


def rate(part: float, of: int) -> Rate:
    return Rate(part=part, of=of)


def test_a_rate_has_its_counts_its_percentage_and_its_interval() -> None:
    assert counted(rate(62, 70)) == "62 of 70, 89% (79.0% to 94.1%)"


@pytest.mark.parametrize("of", [1, 4, FEWEST - 1])
def test_a_rate_of_few_is_never_a_percentage(of: int) -> None:
    assert counted(rate(1, of)) == f"1 of {of}"


def test_nothing_judged_is_said() -> None:
    assert counted(rate(0, 0)) == "none judged"


def test_a_rule_without_a_measurement_is_not_measured() -> None:
    assert brief(None) == NOT_MEASURED
    assert brief(Measurement(name="r", right=rate(0, 0), alarms=rate(0, 0))) == NOT_MEASURED


def test_in_brief_a_rule_is_right_and_alarms_so_often() -> None:
    measured = Measurement(name="r", right=rate(3, 4), alarms=rate(1, 600))
    assert brief(measured) == "right 3/4, alarms 1/600"
    assert brief(Measurement(name="r", right=rate(0, 0), alarms=rate(0, 600))) == "alarms 0/600"


def test_the_rows_name_only_levels_that_were_judged() -> None:
    recall = {"blatant": rate(9, 10), "clear": rate(0, 0)}
    measured = Measurement(name="r", right=rate(9, 10), alarms=rate(0, 600), recall=recall)
    rows = dict(measured_rows(measured))
    assert rows["blatant faults that it found"] == "9 of 10"
    assert "clear faults that it found" not in rows
