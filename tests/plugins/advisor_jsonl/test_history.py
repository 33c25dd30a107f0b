from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.notes import NoteKind
from advisor.run import Axis
from tests.plugins.advisor_jsonl.writing import look, only, points, put


@pytest.mark.parametrize(
    "saved",
    [
        {"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]},
        {"history": {"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}, "epoch": [0, 1]},
        {"loss": {"0": 2.0, "1": 1.0}, "val_loss": {"0": 2.5, "1": 1.5}},
    ],
)
def test_lists_of_one_length_are_a_history(tmp_path: Path, saved: dict[str, object]) -> None:
    put(tmp_path / "exp/history.json", json.dumps(saved, indent=1))
    run = only(tmp_path)
    assert points(run, "val_loss") == [(0, 2.5), (1, 1.5)]
    assert run.series["loss"].axis is Axis.EPOCH
    assert [note.kind for note in run.notes] == [NoteKind.STEP_GUESSED]


def test_a_list_of_epochs_gives_the_steps(tmp_path: Path) -> None:
    put(tmp_path / "h.json", '{"epoch": [5, 6, 7], "train_loss": [NaN, 1, 2]}')
    run = only(tmp_path)
    assert run.series["train_loss"].steps.tolist() == [5, 6, 7]
    assert not run.notes


@pytest.mark.parametrize(
    "saved",
    [
        {"loss": [1, 2], "val_loss": [1]},
        {"loss": ["a", "b"]},
        {"precision": [0.5, 0.6]},
        {"loss": "mse", "layers": [1, 2]},
        {"loss": []},
    ],
)
def test_other_objects_are_left_alone_unless_their_name_promises_a_log(
    tmp_path: Path, saved: dict[str, object]
) -> None:
    put(tmp_path / "config.json", json.dumps(saved))
    assert look(tmp_path) == ([], [])
    put(tmp_path / "history.json", json.dumps(saved))
    claims, refusals = look(tmp_path)
    assert not claims
    assert len(refusals) == 1


@pytest.mark.needs("keras", "torch")
@pytest.mark.filterwarnings("ignore")
def test_what_keras_returned_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    import keras
    import numpy as np

    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(loss="mse")
    inputs = np.random.default_rng(0).normal(size=(8, 2))
    fitted = model.fit(inputs, inputs[:, 0], epochs=3, validation_split=0.5, verbose=0)
    put(tmp_path / "history.json", json.dumps(fitted.history))
    run = only(tmp_path)
    logged = {tag: series.values.tolist() for tag, series in run.series.items()}
    assert logged == fitted.history
