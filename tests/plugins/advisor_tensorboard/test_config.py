"""The hyperparameters of a run: found wherever a logger leaves them, each with its origin."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.configs import USUAL
from advisor.model import Value
from advisor.notes import NoteKind
from advisor.run import Run
from advisor_tensorboard.hparams import session_values
from tests.plugins.advisor_tensorboard.reading import notes, only_run
from tests.plugins.advisor_tensorboard.writing import NAME, curve, hparams, text, write

CURVE = curve("loss", range(5))


def config(run: Run) -> dict[str, Value]:
    return {path: entry.value for path, entry in run.config.items()}


def test_the_hparams_plugin_gives_floats_strings_and_booleans(tmp_path: Path) -> None:
    write(tmp_path, hparams({"lr": 0.1, "optimizer/name": "sgd", "nesterov": True}), *CURVE)
    run = only_run(tmp_path)
    assert config(run) == {"lr": 0.1, "optimizer.name": "sgd", "nesterov": True}
    assert run.config["lr"].origin == f"{NAME}, hparams plugin"


@pytest.mark.parametrize(
    "tag", ["args", "config", "hyperparameters", "run/config", "Hyper-Parameters"]
)
def test_a_text_that_is_the_whole_config_keeps_its_own_names(tmp_path: Path, tag: str) -> None:
    write(tmp_path, text(tag, '{"learning_rate": 3e-4, "fsdp": []}'), *CURVE)
    run = only_run(tmp_path)
    assert config(run) == {"learning_rate": 3e-4, "fsdp": ()}
    assert run.config["learning_rate"].origin == f"{NAME}, text {tag}"


def test_a_text_of_another_name_is_filed_under_it(tmp_path: Path) -> None:
    write(tmp_path, text("model_config", '{"dropout": 0.1}'), *CURVE)
    assert config(only_run(tmp_path)) == {"model_config.dropout": 0.1}


def test_texts_that_are_no_settings_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, text("sample", "Once upon a time"), text("note", "{not json"), *CURVE)
    run = only_run(tmp_path)
    assert config(run) == {}
    assert run.notes == ()


def test_lightnings_yaml_has_the_types_of_what_the_plugin_stored(tmp_path: Path) -> None:
    stored: dict[str, float | str | bool] = {
        "lr": 0.1,
        "width": 8.0,
        "amp": 1.0,
        "extra": 1.0,
        "sizes": "(8, 2)",
    }
    write(tmp_path, hparams(stored), *CURVE)
    (tmp_path / "hparams.yaml").write_text(
        "lr: 0.1\nwidth: 8\namp: true\nsizes: !!python/tuple [8, 2]\nseed: 1\n"
    )
    run = only_run(tmp_path)
    expected = {"lr": 0.1, "width": 8, "amp": True, "extra": 1.0, "sizes": (8, 2), "seed": 1}
    assert config(run) == expected
    assert {name: type(value) for name, value in config(run).items()} == {
        name: type(value) for name, value in expected.items()
    }
    assert run.config["width"].origin == "hparams.yaml:width"
    assert run.files == (NAME, "hparams.yaml")
    assert run.notes == ()


@pytest.mark.parametrize("logged", [hparams({"lr": 0.5}), text("config", '{"lr": 0.5}')])
def test_what_the_run_logged_counts_before_an_old_file_beside_it(
    tmp_path: Path, logged: bytes
) -> None:
    write(tmp_path, logged, *CURVE)
    (tmp_path / "hparams.yaml").write_text("lr: 0.1\nseed: 1\n")
    run = only_run(tmp_path)
    assert config(run) == {"lr": 0.5, "seed": 1}
    (told,) = notes(run, NoteKind.CONFIG_DIFFERS)
    assert told.params == {"file": "hparams.yaml", "names": ("lr",)}


def test_what_add_hparams_stored_below_counts_before_an_old_file(tmp_path: Path) -> None:
    write(tmp_path, *CURVE)
    write(tmp_path / "1700000000.123", hparams({"lr": 0.5}))
    (tmp_path / "config.yaml").write_text("lr: 0.1\n")
    run = only_run(tmp_path)
    assert config(run) == {"lr": 0.5}
    assert len(notes(run, NoteKind.CONFIG_DIFFERS)) == 1


def test_a_null_of_one_part_gives_way_to_a_value_of_another(tmp_path: Path) -> None:
    for split, value in (("train", "null"), ("validation", "0.5")):
        write(tmp_path / split, text("config", f'{{"lr": {value}}}'), *CURVE)
        (tmp_path / split / "args.yaml").write_text(f"seed: {value}\n")
    run = only_run(tmp_path)
    assert config(run) == {"lr": 0.5, "seed": 0.5}
    assert {"train/args.yaml", "validation/args.yaml"} < set(run.files)


def test_a_null_in_a_file_gives_way_to_what_was_logged(tmp_path: Path) -> None:
    write(tmp_path, hparams({"lr": 0.5}), *CURVE)
    (tmp_path / "hparams.yaml").write_text("lr: null\nseed: null\n")
    assert config(only_run(tmp_path)) == {"lr": 0.5, "seed": None}


@pytest.mark.parametrize("name", USUAL)
def test_settings_are_read_under_every_usual_name(tmp_path: Path, name: str) -> None:
    write(tmp_path, *CURVE)
    (tmp_path / name).write_text('{"optimizer": {"lr": 1e-3, "betas": [0.9, 0.95]}}')
    run = only_run(tmp_path)
    assert config(run) == {"optimizer.lr": 1e-3, "optimizer.betas": (0.9, 0.95)}
    assert run.config["optimizer.lr"].origin == f"{name}:optimizer.lr"


def test_of_two_files_beside_the_event_file_what_the_logger_wrote_counts(tmp_path: Path) -> None:
    write(tmp_path, *CURVE)
    (tmp_path / "config.yaml").write_text("lr: 0.5\ntrainer:\n  max_epochs: 9\n")
    (tmp_path / "hparams.yaml").write_text("lr: 0.1\n")
    run = only_run(tmp_path)
    assert config(run) == {"lr": 0.1, "trainer.max_epochs": 9}
    assert run.files == ("config.yaml", NAME, "hparams.yaml")
    (told,) = notes(run, NoteKind.CONFIG_DIFFERS)
    assert told.params == {"file": "config.yaml", "names": ("lr",)}


def test_settings_of_another_directory_are_not_the_runs(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", *CURVE)
    (tmp_path / "config.yaml").write_text("lr: 0.5\n")
    assert config(only_run(tmp_path)) == {}


@pytest.mark.parametrize("yaml", ["a: [1", "\x00", "[" * 5000, "- 1: {2: [3"])
def test_a_broken_yaml_is_noted_and_the_curves_are_read(tmp_path: Path, yaml: str) -> None:
    write(tmp_path, *CURVE)
    (tmp_path / "hparams.yaml").write_text(yaml)
    run = only_run(tmp_path)
    assert run.points == 5
    (found,) = notes(run, NoteKind.CONFIG_UNREADABLE)
    assert found.params["file"] == "hparams.yaml"


def test_after_a_restart_the_later_settings_count(tmp_path: Path) -> None:
    write(tmp_path, text("config", '{"lr": 0.1, "old": 1}'), *CURVE, name="a.tfevents.1")
    write(tmp_path, text("config", '{"lr": 0.01}'), *curve("loss", [5, 6]), name="a.tfevents.2")
    assert config(only_run(tmp_path)) == {"lr": 0.01, "old": 1}


@given(st.binary(max_size=100))
def test_no_plugin_data_raises(content: bytes) -> None:
    session_values(content)
