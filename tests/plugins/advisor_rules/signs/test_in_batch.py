from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.in_batch import compares_within_batches


@pytest.mark.parametrize(
    ("tag", "config", "expected"),
    [
        ("val/loss", {"loss": "InfoNCE"}, True),
        ("val/loss", {"loss": "NTXentLoss"}, True),
        ("val/loss", {"criterion": "MultipleNegativesRankingLoss"}, True),
        ("val/contrastive_loss", {}, True),
        ("val/loss", {"loss": "cross_entropy"}, False),
        ("val/loss", {"model": "contrastive"}, False),
        ("val/loss", {}, False),
    ],
)
def test_a_loss_that_compares_samples_is_known_by_its_name(
    tag: str, config: dict[str, Value], expected: bool
) -> None:
    run = make_run(series={tag: [1.0, 0.9, 0.8]}, config=config)
    view = RunView(Judged(run, understand(run)), ("val/loss",))
    assert compares_within_batches(view, view["val/loss"]) is expected
