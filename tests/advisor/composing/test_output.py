from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from advisor.composing.output import plan_outputs, write_file
from advisor.errors import UsageError
from advisor.renderer import Renderer
from advisor.report import Report


@dataclass
class _Renderer:
    name: str
    suffix: str
    summary: str = "made for tests"

    def render(self, report: Report) -> str:
        return report.title


RENDERERS: Mapping[str, Renderer] = {
    renderer.name: renderer
    for renderer in (_Renderer("html", ".html"), _Renderer("json", ".json"), _Renderer("md", ".md"))
}


def _plan(formats: Sequence[str], targets: Sequence[str]) -> list[tuple[str, str | None]]:
    outputs = plan_outputs(formats, targets, RENDERERS)
    return [(o.renderer.name, None if o.path is None else str(o.path)) for o in outputs]


@pytest.mark.parametrize(
    ("formats", "targets", "planned"),
    [
        ([], [], []),
        ([], ["-"], []),
        ([], ["x.html"], [("html", "x.html")]),
        ([], ["x.html", "y.json"], [("html", "x.html"), ("json", "y.json")]),
        ([], ["x.html", "-"], [("html", "x.html")]),
        (["json"], [], [("json", None)]),
        (["json"], ["-"], [("json", None)]),
        (["json"], ["x.txt"], [("json", "x.txt")]),
        (["json"], ["out/"], [("json", "out/advisor-report.json")]),
        (["html", "md"], ["x"], [("html", "x/advisor-report.html"), ("md", "x/advisor-report.md")]),
        (["html", "md"], ["x.html", "y.md"], [("html", "x.html"), ("md", "y.md")]),
        (["html", "json"], ["x.html", "-"], [("html", "x.html"), ("json", None)]),
    ],
)
def test_formats_and_targets_pair_up(
    formats: list[str], targets: list[str], planned: list[tuple[str, str | None]]
) -> None:
    assert _plan(formats, targets) == planned


def test_a_directory_that_is_there_takes_one_file_a_format(tmp_path: Path) -> None:
    assert _plan(["json"], [str(tmp_path)]) == [("json", str(tmp_path / "advisor-report.json"))]


@pytest.mark.parametrize(
    ("formats", "targets", "said"),
    [
        (["htm"], [], "no format is named 'htm'; did you mean 'html'?"),
        (["x"], [], "known: html, json, md"),
        (["html", "json"], [], "several formats need a directory"),
        (["html", "json"], ["-"], "give one -o DIR"),
        (["html", "json"], ["-", "-"], "only one format can go to standard output"),
        (["html", "json", "md"], ["a", "b"], "--format names 3, -o 2: give one -o DIR"),
        (["html"], ["a", "b"], "--format names 1, -o 2: give one -o DIR"),
        ([], ["x.pdf"], "the suffix names no format (known: .html, .json, .md); give --format"),
        ([], ["x"], "the suffix names no format"),
    ],
)
def test_what_does_not_pair_up_is_refused(
    formats: list[str], targets: list[str], said: str
) -> None:
    with pytest.raises(UsageError) as error:
        _plan(formats, targets)
    assert said in str(error.value)


def test_directories_are_made_and_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "x.html"
    write_file(path, "old\n")
    write_file(path, "new é\r\n")
    assert path.read_bytes() == "new é\r\n".encode()
    assert [file.name for file in path.parent.iterdir()] == ["x.html"]


def test_a_report_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    write_file(tmp_path / "x.html", "")
    assert (tmp_path / "x.html").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_half_a_character_is_written_as_a_question_mark(tmp_path: Path) -> None:
    write_file(tmp_path / "x.html", "a\ud800b")
    assert (tmp_path / "x.html").read_text() == "a?b"


def test_a_reader_sees_the_old_file_or_the_new_one_never_a_part(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    contents = {letter * 2_000_000 for letter in "ab"}
    write_file(path, "a" * 2_000_000)
    seen: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(10):
        for content in sorted(contents):
            write_file(path, content)
    done.set()
    reader.join()
    assert seen <= contents


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "x.html"
    link.symlink_to(tmp_path / "real" / "y.html")
    write_file(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real" / "y.html").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_file(Path(os.devnull), "gone")
    assert not Path(os.devnull).is_file()


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    write_file(pipe, "through")
    reader.join()
    assert got == ["through"]


@pytest.mark.parametrize("name", ["file/x.html", "folder", "x" * 300])
def test_what_cannot_be_written_is_a_usage_error_that_names_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError) as error:
        write_file(tmp_path / name, "new")
    assert str(error.value).startswith(f"{tmp_path / name}: cannot be written: ")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder"]
    assert list((tmp_path / "folder").iterdir()) == []
