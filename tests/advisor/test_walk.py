from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.walk import HEAD, walk
from tests.support import run_python


def _paths(logs: Path) -> list[str]:
    return [file.path for file in walk(logs).files]


def test_files_are_listed_by_path_relative_to_logs(tmp_path: Path) -> None:
    for name in ("b/x.csv", "a.csv", "b/c/y.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    listing = walk(tmp_path)
    assert _paths(tmp_path) == ["a.csv", "b/c/y.csv", "b/x.csv"]
    assert listing.folders.keys() == {".", "b", "b/c"}
    assert listing.by_path["b/c/y.csv"].name == "y.csv"


def test_directories_may_nest_deeper_than_calls_may(tmp_path: Path) -> None:
    deep = "/".join("d" * 150)
    (tmp_path / deep).mkdir(parents=True)
    (tmp_path / deep / "x.csv").write_text("1")
    done = run_python(
        "-c",
        "import sys; from pathlib import Path; from advisor.walk import walk\n"
        "sys.setrecursionlimit(100)\n"
        f"print(walk(Path({str(tmp_path)!r})).files[0].path)",
    )
    assert done.stdout.strip() == f"{deep}/x.csv", done.stderr


def test_environments_and_version_control_are_not_entered(tmp_path: Path) -> None:
    for name in (".git", ".venv", "node_modules", "run"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "metrics.csv").write_text("1")
    assert _paths(tmp_path) == ["run/metrics.csv"]


def test_logs_may_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    file.write_text("1")
    listing = walk(file)
    assert listing.named
    assert listing.base == tmp_path
    assert [f.path for f in listing.files] == ["metrics.csv"]


@pytest.mark.parametrize("name", ["missing", "loop", "dangling"])
def test_where_there_is_nothing_that_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("gone")
    with pytest.raises(FileNotFoundError):
        walk(tmp_path / name)


def test_a_link_back_to_the_top_ends(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "x.csv").write_text("1")
    (tmp_path / "run" / "again").symlink_to(tmp_path, target_is_directory=True)
    listing = walk(tmp_path)
    assert [file.path for file in listing.files] == ["run/x.csv"]
    assert listing.skipped == []


def test_links_in_a_circle_are_said_and_cost_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "self").symlink_to("self")
    listing = walk(tmp_path)
    assert [file.path for file in listing.files] == ["x.csv"]
    assert [skip.path for skip in listing.skipped] == ["a", "b", "self"]


def test_a_run_behind_a_link_is_listed_once_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "z-run").mkdir()
    (tmp_path / "z-run" / "x.csv").write_text("1")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "latest").symlink_to(tmp_path / "z-run", target_is_directory=True)
    (tmp_path / "latest.csv").symlink_to(tmp_path / "z-run" / "x.csv")
    assert _paths(tmp_path) == ["z-run/x.csv"]


def test_logs_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "x.csv").write_text("1")
    (tmp_path / "logs").symlink_to(tmp_path / "real", target_is_directory=True)
    assert _paths(tmp_path / "logs") == ["x.csv"]


@pytest.mark.parametrize("target", ["/etc", "/etc/hosts", "../secret.csv"])
def test_no_link_leads_out_of_the_tree(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.csv").write_text("1")
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "out").symlink_to(target)
    listing = walk(logs)
    assert listing.files == []
    assert [(skip.path, skip.reason) for skip in listing.skipped] == [
        ("out", "a link that leads out of the tree")
    ]


def test_no_more_than_the_head_of_a_file_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"a" * (HEAD + 1))
    (file,) = walk(tmp_path).files
    assert file.size == HEAD + 1
    assert len(file.head) == HEAD


_NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40
).filter(lambda name: name not in (".", "..") and len(name.encode()) < 200)


@given(_NAMES)
def test_any_file_name_is_listed_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    (folder / name).write_text("1")
    assert _paths(folder) == [name]


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses names that are not UTF-8")
def test_a_file_name_that_is_no_utf_8_is_listed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"run-\xff.csv")).write_text("1")
    assert _paths(tmp_path) == ["run-\udcff.csv"]


def test_pipes_and_sockets_are_not_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "service")
    assert _paths(tmp_path) == []


@pytest.mark.parametrize("name", ["pipe.csv", "events.out.tfevents.1.host", "run-a.wandb"])
def test_a_pipe_under_the_name_of_a_log_is_said(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    for logs in (tmp_path, tmp_path / name):
        (skip,) = walk(logs).skipped
        assert (skip.path, "pipe" in skip.reason) == (name, True)


_AS_NOBODY = """
import os, sys
from pathlib import Path
from advisor.walk import walk
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
listing = walk(Path(sys.argv[1]))
print([file.path for file in listing.files])
print([(skip.path, skip.reason) for skip in listing.skipped])
"""


def test_what_cannot_be_opened_is_said_and_the_rest_is_listed(public: Path) -> None:
    for name in ("closed", "open"):
        (public / name).mkdir()
        (public / name / "x.csv").write_text("1")
    (public / "private.csv").write_text("1")
    (public / "private.csv").chmod(0)
    (public / "closed").chmod(0)
    try:
        done: subprocess.CompletedProcess[str] = run_python("-c", _AS_NOBODY, str(public))
    finally:
        (public / "closed").chmod(0o755)
    assert done.stdout.splitlines() == [
        "['open/x.csv']",
        "[('closed', 'cannot be listed (permission denied)'), "
        "('private.csv', 'cannot be opened (permission denied)')]",
    ], done.stderr


def test_links_to_what_a_client_says_of_itself_are_passed_over(tmp_path: Path) -> None:
    logs, elsewhere = tmp_path / "logs", tmp_path / "core-debug.log"
    logs.mkdir()
    elsewhere.touch()
    (logs / "debug-core.log").symlink_to(elsewhere)
    (logs / "debug.log").symlink_to(logs / "gone")
    listing = walk(logs)
    assert (listing.files, listing.skipped) == ([], [])


def test_the_names_beside_a_file_are_known_by_its_directory(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "sub/c.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert walk(tmp_path).names == {".": {"a.csv", "b.csv"}, "sub": {"c.csv"}}
