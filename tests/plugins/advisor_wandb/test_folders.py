from __future__ import annotations

from pathlib import Path

import pytest

from advisor_wandb.folders import config_beside, in_order
from tests.plugins.advisor_wandb.reading import claims, refusals
from tests.plugins.advisor_wandb.writing import HEADER, folder, run_file, stepped

ROWS = [stepped(0, {"loss": 1.0})]


def test_a_run_is_named_by_its_folder(tmp_path: Path) -> None:
    run_file(folder(tmp_path, "a1"), "a1", ROWS)
    (claim,) = claims(tmp_path)
    assert claim.root == "wandb/run-20240102_030405-a1"
    assert claim.files == ("wandb/run-20240102_030405-a1/run-a1.wandb",)
    assert claim.certainty > 90


def test_an_offline_run_and_the_folder_of_a_run_itself_are_claimed(tmp_path: Path) -> None:
    where = folder(tmp_path, "a1", how="offline-run")
    run_file(where, "a1", ROWS)
    (above,) = claims(tmp_path)
    (inside,) = claims(where)
    (named,) = claims(where / "run-a1.wandb")
    assert above.root == "wandb/offline-run-20240102_030405-a1"
    assert (inside.root, named.root) == (".", "run-a1")


def test_what_wandb_puts_beside_a_run_belongs_to_it(tmp_path: Path) -> None:
    where = folder(tmp_path, "a1")
    run_file(where, "a1", ROWS)
    for name in ("config.yaml", "output.log", "wandb-metadata.json", "my.csv"):
        (where / "files").mkdir(exist_ok=True)
        (where / "files" / name).write_text("x")
    (claim,) = claims(tmp_path)
    beside = [file.rpartition("/")[2] for file in claim.files]
    assert beside == ["config.yaml", "output.log", "wandb-metadata.json", "run-a1.wandb"]


def test_the_link_to_the_latest_run_is_no_run(tmp_path: Path) -> None:
    where = folder(tmp_path, "a1")
    run_file(where, "a1", ROWS)
    (tmp_path / "wandb" / "latest-run").symlink_to(where.name)
    assert len(claims(tmp_path)) == 1


def test_the_folders_of_a_resumed_run_are_claimed_together_in_order(tmp_path: Path) -> None:
    later = folder(tmp_path, "a1", "20240301_000000")
    earlier = folder(tmp_path, "a1", "20240201_000000", how="offline-run")
    for where in (later, earlier):
        run_file(where, "a1", ROWS)
    run_file(folder(tmp_path, "b2", "20240101_000000"), "b2", ROWS)
    found = {claim.root: claim for claim in claims(tmp_path)}
    assert set(found) == {
        "wandb/offline-run-20240201_000000-a1",
        "wandb/run-20240101_000000-b2",
    }
    resumed = found["wandb/offline-run-20240201_000000-a1"]
    assert in_order(resumed.files) == [
        "wandb/offline-run-20240201_000000-a1/run-a1.wandb",
        "wandb/run-20240301_000000-a1/run-a1.wandb",
    ]


def test_folders_of_a_run_made_in_one_second_are_in_the_order_of_their_numbers(
    tmp_path: Path,
) -> None:
    for name in ("a1", "a1-10", "a1-2"):
        run_file(folder(tmp_path, name), "a1", ROWS)
    (claim,) = claims(tmp_path)
    folders = [file.split("/")[1] for file in in_order(claim.files)]
    assert [name.rpartition("_")[2][7:] for name in folders] == ["a1", "a1-2", "a1-10"]


def test_ids_that_end_in_a_number_are_ids(tmp_path: Path) -> None:
    for name in ("a1", "a1-2"):
        run_file(folder(tmp_path, name), name, ROWS)
    assert len(claims(tmp_path)) == 2


def test_the_same_id_in_two_projects_is_two_runs(tmp_path: Path) -> None:
    for project in ("one", "two"):
        run_file(folder(tmp_path / project, "a1"), "a1", ROWS)
    assert len(claims(tmp_path)) == 2


def test_run_files_that_lie_together_are_named_by_themselves(tmp_path: Path) -> None:
    run_file(tmp_path, "a1", ROWS)
    run_file(tmp_path, "b2", ROWS)
    assert [claim.root for claim in claims(tmp_path)] == ["run-a1", "run-b2"]


def test_a_run_file_is_known_by_its_content(tmp_path: Path) -> None:
    run_file(tmp_path, "a1", ROWS).rename(tmp_path / "renamed.bin")
    assert [claim.files for claim in claims(tmp_path)] == [("renamed.bin",)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(HEADER, id="only the header"),
        pytest.param(HEADER[:6], id="part of the header"),
        pytest.param(HEADER[:3], id="less of it"),
        pytest.param(b"version https://git-lfs.github.com/spec/v1\n", id="a Git LFS pointer"),
        pytest.param(b"anything else", id="anything else"),
    ],
)
def test_what_only_bears_the_name_is_refused(tmp_path: Path, data: bytes) -> None:
    (folder(tmp_path, "a1") / "run-a1.wandb").write_bytes(data)
    assert claims(tmp_path) == []
    (refused,) = refusals(tmp_path)
    assert refused.file == "wandb/run-20240102_030405-a1/run-a1.wandb"
    assert refused.reason
    assert refused.cure


@pytest.mark.parametrize(
    ("file", "config"),
    [("run-a.wandb", "files/config.yaml"), ("w/r/run-a.wandb", "w/r/files/config.yaml")],
)
def test_the_settings_lie_beside_the_run_file(file: str, config: str) -> None:
    assert config_beside(file) == config
