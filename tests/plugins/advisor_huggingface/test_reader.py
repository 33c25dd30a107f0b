from __future__ import annotations

import math
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.notes import Note, NoteKind
from advisor.reader import Unreadable
from advisor.run import Axis, Run
from tests.plugins.advisor_huggingface.writing import factory_log, only, put, read, rows, state


def noted(run: Run, kind: NoteKind) -> list[Note]:
    return [note for note in run.notes if note.kind is kind]


def test_each_tag_stands_at_the_steps_at_which_it_was_logged(tmp_path: Path) -> None:
    put(tmp_path / "trainer_state.json", state(rows(100)))
    run = only(tmp_path)
    assert run.series["loss"].steps.tolist() == list(range(10, 101, 10))
    assert run.series["eval_loss"].steps.tolist() == [50, 100]
    assert run.series["epoch"].values.tolist()[-1] == 2.0
    assert run.source.startswith("Hugging Face")
    assert all(series.axis is Axis.STEP for series in run.series.values())


def test_a_bare_nan_is_a_value_and_shows_that_the_filter_was_off(tmp_path: Path) -> None:
    history = rows(100)
    history[3]["loss"] = math.nan
    put(tmp_path / "trainer_state.json", state(history))
    run = only(tmp_path)
    assert np.isnan(run.series["loss"].values).sum() == 1
    assert not noted(run, NoteKind.FILTERED)


def test_what_the_trainer_did_to_the_loss_is_noted_on_the_loss_alone(tmp_path: Path) -> None:
    put(tmp_path / "trainer_state.json", state(rows(100)))
    run = only(tmp_path)
    (averaged,), (filtered,) = noted(run, NoteKind.AVERAGED), noted(run, NoteKind.FILTERED)
    (rounded,) = noted(run, NoteKind.ROUNDED)
    assert averaged.params["window"] == 10
    assert rounded.params["digits"] == 4
    assert averaged.series == filtered.series == rounded.series == ("loss",)


def test_a_loss_of_every_step_in_full_precision_is_neither_averaged_nor_rounded(
    tmp_path: Path,
) -> None:
    history = [{"step": step, "loss": 1 / 3 / step} for step in range(1, 30)]
    put(tmp_path / "trainer_state.json", state(history))
    put(tmp_path / "training_args.json", '{"logging_nan_inf_filter": false}')
    kinds = {note.kind for note in only(tmp_path).notes}
    assert kinds == {NoteKind.UNFINISHED}


def test_settings_come_from_the_state_and_from_the_files_beside_it(tmp_path: Path) -> None:
    stopping = {"EarlyStoppingCallback": {"args": {"early_stopping_patience": 3}}}
    held = state(rows(50), stateful_callbacks=stopping, num_train_epochs=2**63 - 1)
    put(tmp_path / "out/checkpoint-50/trainer_state.json", held)
    put(tmp_path / "out/training_args.json", '{"learning_rate": 5e-05, "max_steps": -1}')
    put(tmp_path / "out/checkpoint-50/config.json", '{"num_labels": 2}')
    config = only(tmp_path).config
    assert config["max_steps"].value == 100
    assert config["max_steps"].origin == "out/checkpoint-50/trainer_state.json:max_steps"
    assert config["learning_rate"].origin == "out/training_args.json:learning_rate"
    assert config["num_labels"].value == 2
    patience = "stateful_callbacks.EarlyStoppingCallback.args.early_stopping_patience"
    assert config[patience].value == 3
    assert not {"num_train_epochs", "best_model_checkpoint", "global_step"} & config.keys()


def test_a_pickle_beside_a_state_is_not_opened(tmp_path: Path) -> None:
    put(tmp_path / "trainer_state.json", state(rows(50)))
    put(tmp_path / "training_args.bin", "cos\nsystem\n(S'exit 1'\ntR.")
    assert "training_args.bin" not in only(tmp_path).files


@pytest.mark.parametrize(
    ("history", "fields", "expected"),
    [
        (rows(50), {}, True),
        (rows(100), {}, False),
        ([*rows(50), {"step": 50, "train_runtime": 2.0}], {}, False),
        (
            rows(50),
            {"stateful_callbacks": {"TrainerControl": {"args": {"should_training_stop": True}}}},
            False,
        ),
    ],
)
def test_a_run_with_steps_left_is_unfinished_unless_it_was_told_to_stop(
    tmp_path: Path, history: list[dict[str, float]], fields: dict[str, object], expected: bool
) -> None:
    put(tmp_path / "trainer_state.json", state(history, **fields))
    assert bool(noted(only(tmp_path), NoteKind.UNFINISHED)) is expected


def test_a_log_of_llama_factory_is_read_where_there_is_no_state(tmp_path: Path) -> None:
    put(tmp_path / "exp/trainer_log.jsonl", factory_log(100))
    run = only(tmp_path)
    assert run.name == "exp"
    assert run.series.keys() == {"loss", "lr", "epoch"}
    times = run.series["loss"].wall_times
    assert times is not None
    assert times[-1] == 100
    assert run.config["total_steps"].value == 100


def test_a_log_without_loss_says_what_to_do(tmp_path: Path) -> None:
    put(tmp_path / "trainer_log.jsonl", factory_log(50, loss=False))
    with pytest.raises(Unreadable, match="neither loss nor metric"):
        read(tmp_path)


def test_a_broken_state_gives_way_to_the_log_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "trainer_state.json", '{"global_step": 5, "log_history": [ {"step": 5, "lo')
    put(tmp_path / "trainer_log.jsonl", factory_log(50))
    assert len(only(tmp_path).series["loss"]) == 10


def test_of_a_state_that_is_cut_every_whole_row_is_read(tmp_path: Path) -> None:
    whole = state(rows(100))
    ends = [index for index, character in enumerate(whole) if character == "}"]
    for row, end in enumerate(ends[:12], 1):
        for offset in (end + 1, end + 20):
            put(tmp_path / "trainer_state.json", whole[:offset])
            run = only(tmp_path)
            (cut,) = noted(run, NoteKind.TRUNCATED)
            assert len(run.series["epoch"]) == row
            assert cut.params["offset"] == end + 1


def test_a_row_that_is_damaged_costs_itself_alone(tmp_path: Path) -> None:
    whole = state(rows(100))
    at = whole.index('"loss"')
    put(tmp_path / "trainer_state.json", whole[:at] + "!" + whole[at:])
    run = only(tmp_path)
    assert len(run.series["loss"]) == 9
    assert noted(run, NoteKind.DAMAGED)
    assert run.config["max_steps"].value == 100


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2000), st.integers(0, 200))
def test_any_bytes_anywhere_are_read_or_unreadable(junk: bytes, at: int, gone: int) -> None:
    whole = state(rows(30)).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trainer_state.json"
        path.write_bytes(whole[:at] + junk + whole[at + gone :])
        with suppress(Unreadable):
            assert all(run.series for run in read(Path(folder)))
