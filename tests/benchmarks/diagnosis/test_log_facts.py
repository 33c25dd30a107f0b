"""What is true of a log follows from how it was written, and from how much of it is finite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from benchmarks.diagnosis.forms import Form
    from benchmarks.diagnosis.setup import Setup

pytestmark = pytest.mark.needs("torch", "sklearn")


def _setup(**changes: Any) -> Setup:
    from benchmarks.diagnosis.setup import Setup

    return Setup("clusters", "mlp", 1, 4, 32, 1e-3, **changes)


def _form(**changes: Any) -> Form:
    from benchmarks.diagnosis.forms import Form

    return Form("csv", **({"by_step": True, "style": 0, "config": True, "rate": True,
                           "norm": False} | changes))  # fmt: skip


def test_nothing_is_amiss_with_a_log_that_keeps_nothing_back() -> None:
    from benchmarks.diagnosis.log_facts import log_facts

    assert log_facts(_form(), _setup(), 100) == set()


def test_a_log_that_hides_early_stopping_does_not_make_it_missing() -> None:
    from benchmarks.diagnosis.log_facts import log_facts

    found = log_facts(_form(config=False), _setup(patience=5), 100)
    assert found == {"telemetry-no-config", "config-not-recorded"}


@pytest.mark.parametrize(("finite", "few"), [(9, True), (10, False)])
def test_a_loss_that_is_lost_leaves_too_few_points(finite: int, *, few: bool) -> None:
    from benchmarks.diagnosis.labels import labels
    from benchmarks.diagnosis.plan import Cell

    loss = np.where(np.arange(40) < finite, 0.5, np.nan)

    def results(_: Setup) -> dict[str, Any]:
        return {"loss": loss, "ends": np.arange(9.0, 40.0, 10.0), "val_loss": np.full(4, 0.5),
                "val_metric": np.full(4, 0.8), "parameters": 10.0, "samples": 100.0}  # fmt: skip

    fault = Cell("fault", "bad-record", "one", _setup(bugs=("bad-record",)), _setup())
    found = {log.form.by_step: log for _, log in labels([fault], "development", results)}
    assert ("telemetry-too-few-points" in found[True].facts) is few
    assert "telemetry-too-few-points" in found[False].facts


def test_a_training_that_ended_in_its_first_epoch_logs_nothing_by_epoch() -> None:
    from benchmarks.diagnosis.labels import labels
    from benchmarks.diagnosis.plan import Cell

    def results(asked: Setup) -> dict[str, Any]:
        cut = asked.cut < 1.0
        ends = np.empty(0) if cut else np.arange(9.0, 40.0, 10.0)
        return {"loss": np.full(5 if cut else 40, 0.5), "ends": ends,
                "val_loss": np.full(len(ends), 0.5), "val_metric": np.full(len(ends), 0.8),
                "parameters": 10.0, "samples": 100.0}  # fmt: skip

    fault = Cell("fault", "stopped-too-early", "cut", _setup(cut=0.1), _setup())
    grains = [log.form.by_step for _, log in labels([fault], "development", results)]
    assert grains
    assert all(grains)
