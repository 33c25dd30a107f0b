"""Where a project stands."""

from __future__ import annotations

import pytest

from advisor_probe.catalogue import BY_NAME
from advisor_probe.workflow import STEPS, standing

FIRST = STEPS[0].probes


@pytest.mark.parametrize(
    ("done", "faulty", "wanted"),
    [
        ((), (), 1),
        (FIRST, ("outputs",), 1),
        (FIRST, (), 2),
        ((*FIRST, "overfit"), ("overfit",), 2),
        ((*FIRST, "overfit", "generalization"), (), 3),
        ((*FIRST, "overfit", "rates", "rate-choice"), ("rates",), 3),
        ((*FIRST, "overfit", "rates"), (), 4),
    ],
)
def test_the_next_step_is_the_first_that_is_not_settled(
    done: tuple[str, ...], faulty: tuple[str, ...], wanted: int
) -> None:
    assert standing(done, faulty) == wanted


def test_every_probe_of_the_workflow_exists() -> None:
    assert not [probe for step in STEPS for probe in step.probes if probe not in BY_NAME]
