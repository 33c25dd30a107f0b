"""Asking one rule about one run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from advisor.judging.judge import Outcome, judge
from advisor.rule import Rule
from advisor.run import Run
from advisor.understand import understand
from advisor.view import Judged

Advise = Callable[[Rule, Run], Outcome]


@pytest.fixture
def advise() -> Advise:
    """What a rule comes to on a run that is understood from its names."""

    def ask(rule: Rule, run: Run) -> Outcome:
        judged = Judged(run, understand(run))
        return judge(judged, (rule,), seconds=60, started=lambda _: None, failed={})[0]

    return ask
