from __future__ import annotations

from collections.abc import Mapping

import pytest

from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.fit.dropout_range import DropoutRange
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.fit.fits import EVERY, GOOD, OVER, UNDER

Curves = Mapping[str, Floats]


@pytest.mark.parametrize(
    ("series", "config", "after", "direction"),
    [
        pytest.param(OVER, {"dropout": 0.02}, 0.2, "up", id="too low"),
        pytest.param(OVER, {"dropout": "0.05", "arch": "BiLSTM"}, 0.3, "up", id="recurrent"),
        pytest.param(UNDER, {"drop_rate": 0.7}, 0.5, "down", id="too high"),
        pytest.param(GOOD, {"dropout": 0.9}, 0.5, "down", id="very high"),
    ],
)
def test_a_rate_that_the_curves_speak_against_is_a_note(
    advise: Advise, series: Curves, config: dict[str, Value], after: float, direction: str
) -> None:
    (finding,) = advise(DropoutRange(), make_run(series=series, config=config)).findings
    assert [(c.after, c.direction) for c in finding.changes] == [(after, direction)]


@pytest.mark.parametrize(
    ("series", "rate"),
    [(s, r) for s in EVERY for r in (0.0, 0.1, 0.3, 0.5)]
    + [(GOOD, 0.02), (UNDER, 0.02), (GOOD, 0.7), (OVER, 0.7)],
)
def test_a_usual_rate_or_one_that_nothing_speaks_against_passes(
    advise: Advise, series: Curves, rate: float
) -> None:
    run = make_run(series=series, config={"dropout": rate})
    assert advise(DropoutRange(), run).result == "passed"


@pytest.mark.parametrize(
    "config", [{}, {"dropout": 50}, {"dropout": 1.0}, {"a.dropout": 0.9, "b.dropout": 0.1}]
)
def test_what_is_no_single_rate_is_not_judged(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(DropoutRange(), make_run(series=OVER, config=config)).result == "not-applicable"
