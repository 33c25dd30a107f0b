"""A training is repeatable, and every form of its log is read as the run it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from benchmarks.diagnosis.setup import Setup

pytestmark = pytest.mark.needs("torch", "sklearn", "tensorboard")


def _setup() -> Setup:
    from benchmarks.diagnosis.setup import Setup

    return Setup("cancer", "mlp", 1, 3, 64, 3e-3, hidden=4)


def test_the_same_setup_gives_the_same_training() -> None:
    from benchmarks.diagnosis.training import train

    first, second = train(_setup()).arrays(), train(_setup()).arrays()
    assert all(np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("number", range(8))
def test_every_form_is_read_as_one_run_with_its_validation(number: int, tmp_path: Path) -> None:
    import advisor
    from benchmarks.diagnosis.forms import forms
    from benchmarks.diagnosis.logs import write
    from benchmarks.diagnosis.training import train

    arrays = train(_setup()).arrays()
    for form in forms(_setup(), number):
        folder = tmp_path / form.name
        write(folder, _setup(), arrays, form)
        (run,) = advisor.analyze(folder).runs
        assert run.understanding.primary("train/loss")
        assert run.understanding.primary("val/loss")
        assert ("learning_rate" in run.config) == form.config


def test_a_restarted_log_is_read_as_one_run_that_was_restarted(tmp_path: Path) -> None:
    import advisor
    from benchmarks.diagnosis.damage import copies
    from benchmarks.diagnosis.forms import forms
    from benchmarks.diagnosis.logs import write
    from benchmarks.diagnosis.training import train

    arrays = train(_setup()).arrays()
    whole = forms(_setup(), 0)[0]
    (form,) = [copy for copy in copies(whole) if copy.damage == "restarted"]
    write(tmp_path / "log", _setup(), arrays, form)
    report = advisor.analyze(tmp_path / "log")
    assert len(report.runs) == 1
    assert [f.rule for f in report.findings if f.rule == "telemetry-restarted"]


def test_a_stored_training_is_not_trained_again(tmp_path: Path) -> None:
    from benchmarks.diagnosis.stored import trained

    first = trained(_setup(), tmp_path)
    (file,) = (tmp_path / "trainings").iterdir()
    written = file.stat().st_mtime_ns
    assert np.array_equal(trained(_setup(), tmp_path)["loss"], first["loss"])
    assert file.stat().st_mtime_ns == written


def test_neither_layout_nor_comments_make_it_another_training(tmp_path: Path) -> None:
    from benchmarks.diagnosis.setup import parsed

    (tmp_path / "one.py").write_text(
        '"""Text."""\ndef f(x):\n    """More."""\n    return x  # why\n'
    )
    (tmp_path / "two.py").write_text("def f(x): return (x)\n")
    (tmp_path / "three.py").write_text("def f(x): return x + 1\n")
    one, two, three = (parsed(tmp_path / f"{name}.py") for name in ("one", "two", "three"))
    assert one == two != three


def test_every_log_of_what_is_stored_comes_with_its_truth(tmp_path: Path) -> None:
    from benchmarks.diagnosis.plan import Cell
    from benchmarks.diagnosis.stored import logs, train_all

    way, longer = _setup(), _setup().changed(epochs=6)
    plan = [Cell("healthy", "plain", "", way), Cell("check", "longer", "plain", longer, way)]
    assert list(logs("development", tmp_path, plan)) == []
    train_all(plan, tmp_path, 1)
    found = list(logs("development", tmp_path, plan))
    assert {log.label.training for log in found} == {s.id for s in plan[0].seeds()}
    assert {log.label.grain for log in found} == {"step", "epoch"}
    assert len([log for log in found if not log.label.form.damage]) == 6
    assert any(found[0].written().iterdir())
    (tmp_path / "logs" / "written-by").write_text("other code")
    assert list(logs("development", tmp_path, plan))
    assert not found[0].folder.exists()


def test_what_is_stored_of_no_plan_makes_no_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.diagnosis import stored

    file = tmp_path / "any-training.npz"
    file.touch()
    monkeypatch.setattr(stored, "_file", lambda _setup, _store: file)
    monkeypatch.setattr(stored, "cells", lambda _split: [])
    assert stored.all_sweeps("development", tmp_path) == []
