from __future__ import annotations

from pathlib import Path

from tests.plugins.advisor_mlflow import writing
from tests.plugins.advisor_mlflow.reading import look, read


def test_a_run_is_named_by_its_folder(tmp_path: Path) -> None:
    writing.run(tmp_path / "mlruns", {"loss": writing.lines([3, 2, 1])})
    (run,) = read(tmp_path)
    assert run.name == f"mlruns/0/{writing.RUN}"
    assert run.source == "MLflow file store"


def test_a_run_may_be_named_as_logs_itself(tmp_path: Path) -> None:
    folder = writing.run(tmp_path, {"train/loss": writing.lines([3, 2, 1])}, {"lr": "0.1"})
    (run,) = read(folder)
    assert (run.name, list(run.series), run.config["lr"].value) == (".", ["train/loss"], 0.1)


def test_metrics_in_folders_and_with_spaces_keep_their_names(tmp_path: Path) -> None:
    names = ["train/loss", "val/top 1/acc", "metrics/params/x"]
    writing.run(tmp_path, {name: writing.lines([1, 2]) for name in names})
    (run,) = read(tmp_path)
    assert sorted(run.series) == sorted(names)


def test_artifacts_are_left_to_other_readers(tmp_path: Path) -> None:
    folder = writing.run(tmp_path, {"loss": writing.lines([1])})
    (folder / "artifacts" / "metrics").mkdir(parents=True)
    (folder / "artifacts" / "metrics" / "other").write_text("1 2 3\n")
    (claim,), _ = look(tmp_path)
    assert not any("artifacts" in file for file in claim.files)


def test_an_artifact_location_on_another_machine_is_never_followed(tmp_path: Path) -> None:
    writing.experiment(tmp_path)
    writing.run(tmp_path, {"loss": writing.lines([1])})
    (run,) = read(tmp_path)
    assert all(file.startswith("0/") for file in run.files)


def test_a_deleted_run_is_left_out_and_said_once_for_each_experiment(tmp_path: Path) -> None:
    for name in (writing.RUN, writing.OTHER):
        writing.run(tmp_path, {"loss": writing.lines([1])}, name=name, stage="deleted")
    claims, (refusal,) = look(tmp_path)
    assert not claims
    assert refusal.file == f"0/{writing.RUN}/meta.yaml"
    assert "1 more" in refusal.reason


def test_a_lone_experiment_file_is_refused(tmp_path: Path) -> None:
    writing.experiment(tmp_path)
    claims, (refusal,) = look(tmp_path)
    assert not claims
    assert refusal.file == "0/meta.yaml"


def test_the_file_of_an_experiment_with_runs_is_no_news(tmp_path: Path) -> None:
    writing.experiment(tmp_path)
    writing.run(tmp_path, {"loss": writing.lines([1])})
    _, refusals = look(tmp_path)
    assert not refusals


def test_any_other_meta_yaml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "loss").write_text("1 2 3\n")
    (tmp_path / "meta.yaml").write_text("package:\n  name: a conda recipe\n")
    assert look(tmp_path) == ([], [])
