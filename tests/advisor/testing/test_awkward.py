"""Runs made for the roles that a rule declares."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from advisor.rule import Rule
from advisor.testing.awkward import SHAPES, awkward_runs, judged_run, keys, plain, role, wanted
from tests.advisor.testing.bad_rules import Good


class Curious(Good):
    requires: ClassVar[tuple[str, ...]] = ("val/loss|val/metric", "objective")
    uses: ClassVar[tuple[str, ...]] = ("grad_norm", "lr")


@pytest.mark.parametrize(
    "key", ["train/loss", "val/metric", "test/loss", "lr", "grad_norm", "return", "epoch"]
)
def test_a_role_has_the_key_it_was_made_for(key: str) -> None:
    assert role(key).key == key


def test_what_is_no_role_is_refused() -> None:
    with pytest.raises(ValueError, match="los"):
        role("train/los")


def test_every_awkward_run_has_every_role_that_is_asked_for() -> None:
    for name, judged in awkward_runs(Curious):
        for key in keys(Curious):
            assert judged.find(key) is not None, (name, key)
        assert len(judged.every("grad_norm")) == 4


def test_every_shape_comes_in_all_roles_and_in_each_alone() -> None:
    names = [name for name, _ in awkward_runs(Curious)]
    roles = wanted(keys(Curious))
    assert roles == ("val/loss", "val/metric", "grad_norm", "lr")
    assert {f"all NaN in {key}" for key in roles} | {"all NaN"} <= set(names)
    assert len(names) == len(set(names)) == len(SHAPES) * (1 + len(roles)) + 4


def test_a_run_without_an_objective_has_none() -> None:
    assert judged_run({"val/loss": plain(5)}, objective=False).find("objective") is None
    assert judged_run({"lr": plain(5)}).find("objective") is None


def test_the_same_runs_come_every_time() -> None:
    def values(rule: type[Rule]) -> list[bytes]:
        runs = (judged.run.series.values() for _, judged in awkward_runs(rule))
        return [series.values.tobytes() for run in runs for series in run]

    assert values(Good) == values(Good)


def test_shapes_are_what_they_are_called() -> None:
    assert len(SHAPES["nothing logged"](200).values) == 0
    assert np.isnan(SHAPES["all NaN"](200).values).all()
    assert (np.diff(SHAPES["decreasing steps"](200).steps) < 0).all()
    assert SHAPES["huge steps"](200).steps.min() == 2**60
    assert 0 < SHAPES["denormal"](200).values.max() < np.finfo(np.float64).tiny
