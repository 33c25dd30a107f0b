"""What is claimed, and what is refused with its reason and a cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugins.advisor_tensorboard.reading import claims, only_run, refusals
from tests.plugins.advisor_tensorboard.writing import (
    NAME,
    curve,
    event,
    record,
    scalar,
    version,
    write,
)

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(LFS, "Git LFS pointer", id="Git LFS"),
        pytest.param(b"\x1f\x8b\x08" + bytes(100), "gzip", id="gzip"),
        pytest.param(b"PK\x03\x04" + bytes(100), "ZIP", id="ZIP"),
        pytest.param(b"\n<!DOCTYPE html><html>", "web page", id="a web page"),
        pytest.param(bytes(range(256)) * 40, "checksum", id="binary junk"),
        pytest.param(b"step,loss\n1,0.5\n", "checksum", id="a table"),
        pytest.param(version()[:7], "byte 7", id="cut in the first header"),
        pytest.param(version()[:30], "byte 30", id="cut in the first record"),
        pytest.param(version()[:-1], "byte 39", id="cut in the last byte of the first record"),
        pytest.param(version(), "only the version record", id="the version record only"),
    ],
)
def test_what_only_bears_the_name_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / NAME).write_bytes(data)
    (refusal,) = refusals(tmp_path)
    assert refusal.file == NAME
    assert reason in refusal.reason
    assert refusal.cure
    assert claims(tmp_path) == []


def test_an_event_file_is_claimed_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    write(tmp_path / "run", scalar("loss", 1, 1.0), name="renamed.bin")
    (claim,) = claims(tmp_path)
    assert (claim.root, claim.files) == ("run", ("run/renamed.bin",))
    assert claim.certainty >= 90


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(record(b"some other data") * 3, id="TFRecords of something else"),
        pytest.param(event(1.0, 1), id="events without a version"),
        pytest.param(b"", id="an empty file"),
        pytest.param(LFS, id="a pointer to another file"),
    ],
)
def test_other_files_are_neither_claimed_nor_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "data.bin").write_bytes(data)
    assert claims(tmp_path) == []
    assert refusals(tmp_path) == []


def test_the_profilers_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.profile-empty").write_bytes(version())
    assert claims(tmp_path) == []
    assert refusals(tmp_path) == []


def test_a_damaged_first_record_does_not_cost_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, *curve("loss", range(5)))
    path.write_bytes(b"\xff" + path.read_bytes()[1:])
    run = only_run(tmp_path)
    assert run.series["loss"].steps.tolist() == [0, 1, 2, 3, 4]
    assert [note.params["offset"] for note in run.notes] == [0]


def test_an_empty_file_beside_a_full_one_is_no_complaint(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(5)))
    write(tmp_path, name="events.out.tfevents.1700000001.host.2.0")
    assert refusals(tmp_path) == []
    assert only_run(tmp_path).points == 5


def test_a_single_file_can_be_named(tmp_path: Path) -> None:
    path = write(tmp_path / "run", *curve("loss", range(5)))
    assert only_run(path).name == "."


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_no_content_raises(tmp_path: Path, data: bytes, after: bool) -> None:
    (tmp_path / NAME).write_bytes(version() + data if after else data)
    assert len(claims(tmp_path)) + len(refusals(tmp_path)) == 1
