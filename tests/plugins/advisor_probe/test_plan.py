"""What is planned, and what it says where nothing can be."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.errors import UsageError
from advisor.prober import ProbeRequest
from advisor_probe.catalogue import PROBES
from advisor_probe.plan import planned

REQUEST = ProbeRequest("package.module:target", Path("log"))

pytestmark = pytest.mark.needs("torch")


def test_all_probes_are_planned_in_order_with_their_cost() -> None:
    plan = planned(REQUEST)
    assert [(p.name, p.steps) for p in plan] == [(p.name, p.steps) for p in PROBES]
    assert not any(p.left_out for p in plan)


def test_only_the_named_probes_are_planned() -> None:
    assert [p.name for p in planned(replace(REQUEST, only=("initial-loss",)))] == ["initial-loss"]


def test_an_unknown_probe_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="'initial-loss'"):
        planned(replace(REQUEST, only=("intial-loss",)))


def test_what_does_not_fit_the_budget_is_left_out_and_says_what_it_needs() -> None:
    plan = planned(replace(REQUEST, steps=PROBES[0].steps + 1))
    assert not plan[0].left_out
    assert all(p.left_out for p in plan[1:] if p.steps > 1)
    assert sum(p.steps for p in plan if not p.left_out) <= PROBES[0].steps + 1
    assert f"{PROBES[1].steps:,}" in plan[1].left_out


def test_every_probe_has_a_file_of_its_name_that_measures() -> None:
    for probe in PROBES:
        assert callable(importlib.import_module(probe.module).measure)


def test_without_torch_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"pip install 'tuning-advisor\[probe\]'"):
        planned(REQUEST)
