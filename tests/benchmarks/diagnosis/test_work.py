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
    from benchmarks.diagnosis.logs import forms, write
    from benchmarks.diagnosis.training import train

    arrays = train(_setup()).arrays()
    for form in forms(_setup(), number):
        folder = tmp_path / form.name
        write(folder, _setup(), arrays, form)
        (run,) = advisor.analyze(folder).runs
        assert run.understanding.primary("train/loss")
        assert run.understanding.primary("val/loss")
        assert ("learning_rate" in run.config) == form.config


def test_a_stored_training_is_not_trained_again(tmp_path: Path) -> None:
    from benchmarks.diagnosis.work import trained

    first = trained(_setup(), tmp_path)
    (file,) = (tmp_path / "trainings").iterdir()
    written = file.stat().st_mtime_ns
    assert np.array_equal(trained(_setup(), tmp_path)["loss"], first["loss"])
    assert file.stat().st_mtime_ns == written
