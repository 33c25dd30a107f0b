"""How a target is named and found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from advisor.errors import UsageError
from advisor_probe.loading import check_spec, load_target
from advisor_probe.target import TargetError

PROGRAM = """
from advisor_probe import ProbeTarget
fixed = ProbeTarget(model=dict, loss=dict, train=[7])
def target(): return fixed
class Holder:
    inner = fixed
number = 3
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train_it.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))


@pytest.mark.parametrize(
    "spec",
    ["train_it:target", "train_it:fixed", "train_it.py:target", "./train_it.py:Holder.inner"],
)
def test_a_target_is_found_in_a_module_or_a_file(spec: str) -> None:
    check_spec(spec)
    assert load_target(spec).train == [7]


@pytest.mark.parametrize("spec", ["train_it", "train_it.py", ":x", "a b:c", "gone.py:x", "a:1x"])
def test_a_name_of_no_right_form_is_a_usage_error_before_anything_runs(spec: str) -> None:
    with pytest.raises(UsageError, match=r"write package\.module:name"):
        check_spec(spec)


def test_a_near_miss_is_answered_with_the_right_name() -> None:
    with pytest.raises(TargetError, match="'target'"):
        load_target("train_it.py:targt")


def test_what_is_no_target_is_named_by_its_type() -> None:
    with pytest.raises(TargetError, match="gives a int; a ProbeTarget"):
        load_target("train_it:number")
