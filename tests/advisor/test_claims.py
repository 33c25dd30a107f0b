from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from advisor.claims import Filters, Found, find_tasks, settle
from advisor.errors import UsageError
from advisor.reader import Claim, Refusal
from advisor.walk import Listing, walk
from tests.support import HANG, HandReader


def _files(folder: Path, *names: str) -> Path:
    for moment, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("1")
        os.utime(folder / name, (moment, moment))
    return folder


def _claim(reader: str, *files: str, certainty: int = 50) -> Claim:
    return Claim(reader, files[0].rpartition("/")[0] or ".", files, "a test says so", certainty)


def _says(*answers: Any) -> Callable[[Listing], Iterable[Any]]:
    return lambda _listing: answers


def _each(listing: Listing) -> Iterable[Claim]:
    return (_claim("each", file.path) for file in listing.files)


EACH = HandReader("each", _each)


def _names(found: Found) -> list[str]:
    return [task.claim.files[0] for task in found.tasks]


@pytest.mark.parametrize("surer_first", [True, False])
def test_of_two_readers_the_surer_one_gets_the_file(tmp_path: Path, surer_first: bool) -> None:
    _files(tmp_path, "x.csv")
    readers = [
        HandReader("sure", _says(_claim("sure", "x.csv", certainty=90))),
        HandReader("unsure", _says(_claim("unsure", "x.csv", certainty=40))),
    ]
    claims, refused, problems = settle(walk(tmp_path), readers if surer_first else readers[::-1])
    assert [claim.reader for claim in claims] == ["sure"]
    assert claims[0].base == tmp_path
    assert (refused, problems) == ([], [])


def test_of_two_equally_sure_readers_the_first_by_name_gets_the_file(tmp_path: Path) -> None:
    _files(tmp_path, "x.csv")
    readers = [HandReader(name, _says(_claim(name, "x.csv"))) for name in ("b", "a")]
    claims, _, _ = settle(walk(tmp_path), readers)
    assert [claim.reader for claim in claims] == ["a"]


def test_a_refusal_is_dropped_where_another_reader_reads_the_file(tmp_path: Path) -> None:
    _files(tmp_path, "x.csv", "y.csv")
    refusals = [Refusal(name, "no log", "name another") for name in ("x.csv", "y.csv")]
    readers = [HandReader("a", _says(*refusals)), HandReader("b", _says(_claim("b", "x.csv")))]
    _, refused, _ = settle(walk(tmp_path), readers)
    assert [(r.path, r.reason, r.cure) for r in refused] == [("y.csv", "no log", "name another")]


def test_places_that_the_walk_did_not_enter_are_refused_too(tmp_path: Path) -> None:
    _files(tmp_path, "x.csv")
    (tmp_path / "out").symlink_to("/etc")
    _, refused, _ = settle(walk(tmp_path), [EACH])
    assert [r.path for r in refused] == ["out"]


def _raises(_listing: Listing) -> Iterable[Claim]:
    yield _claim("broken", "x.csv")
    raise RuntimeError("cannot")


def _exits(_listing: Listing) -> Iterable[Claim]:
    raise SystemExit(7)


@pytest.mark.parametrize(
    "answer",
    [
        _raises,
        _exits,
        _says("junk"),
        _says(_claim("broken", "not-listed.csv")),
        _says(_claim("another", "x.csv")),
        _says(Claim("broken", ".", (), "nothing")),
        lambda _listing: None,
    ],
)
def test_a_broken_reader_costs_only_itself_and_is_named(
    tmp_path: Path, answer: Callable[[Listing], Any]
) -> None:
    _files(tmp_path, "x.csv")
    claims, _, problems = settle(walk(tmp_path), [HandReader("broken", answer), EACH])
    assert [claim.reader for claim in claims] == ["each"]
    assert [problem.where for problem in problems] == ["reader broken"]


def _hangs(_listing: Listing) -> Iterable[Claim]:
    yield _claim("broken", "x.csv")
    time.sleep(HANG)


def _sleeps(_listing: Listing) -> Iterable[Claim]:
    with contextlib.suppress(Exception):
        time.sleep(HANG)
    return ()


@pytest.mark.parametrize("answer", [_hangs, _sleeps])
def test_a_reader_that_hangs_costs_only_itself_and_is_named(
    tmp_path: Path, answer: Callable[[Listing], Iterable[Claim]]
) -> None:
    _files(tmp_path, "x.csv")
    readers = [HandReader("broken", answer), EACH]
    found = find_tasks([tmp_path], readers, Filters(), seconds=0.05)
    assert _names(found) == ["x.csv"]
    (problem,) = found.problems
    assert problem.where == "reader broken"
    what = "failed while it looked for its files: not finished after 0.05 s (test_claims.py, line"
    assert problem.what.startswith(what)
    assert "set a larger read-seconds" in problem.cure


def test_claims_come_in_natural_order(tmp_path: Path) -> None:
    names = ("version_10/m.csv", "version_2/m.csv", "version_1/m.csv")
    found = find_tasks([_files(tmp_path, *names)], [EACH], Filters())
    assert _names(found) == ["version_1/m.csv", "version_2/m.csv", "version_10/m.csv"]
    assert [task.prefix for task in found.tasks] == ["", "", ""]


def test_last_keeps_the_most_recently_written_in_natural_order(tmp_path: Path) -> None:
    _files(tmp_path, "b.csv", "c.csv", "a.csv")
    found = find_tasks([tmp_path], [EACH], Filters(last=2))
    assert _names(found) == ["a.csv", "c.csv"]
    assert found.passed_over == 1


@pytest.mark.parametrize(("since", "kept"), [(0.0, ["c.csv", "d.csv"]), (1.5, ["d.csv"]), (9, [])])
def test_newer_than_keeps_what_was_written_after(
    tmp_path: Path, since: float, kept: list[str]
) -> None:
    _files(tmp_path, "b.csv", "c.csv", "d.csv")
    assert _names(find_tasks([tmp_path], [EACH], Filters(newer_than=since))) == kept


def test_both_filters_hold_together(tmp_path: Path) -> None:
    _files(tmp_path, "a.csv", "b.csv", "c.csv")
    assert _names(find_tasks([tmp_path], [EACH], Filters(newer_than=0.5, last=1))) == ["c.csv"]


@pytest.mark.parametrize(
    ("logs", "prefixes"),
    [
        (["a/runs", "b/runs"], ["a/runs", "b/runs"]),
        (["a/runs", "b/logs"], ["runs", "logs"]),
        (["x/a/runs", "y/a/runs"], ["x/a/runs", "y/a/runs"]),
    ],
)
def test_several_logs_are_told_apart_by_their_shortest_own_part(
    tmp_path: Path, logs: list[str], prefixes: list[str]
) -> None:
    paths = [_files(tmp_path / log, f"{index}.csv") for index, log in enumerate(logs)]
    found = find_tasks(paths, [EACH], Filters())
    assert list(dict.fromkeys(task.prefix for task in found.tasks)) == prefixes


def test_a_path_that_is_given_twice_is_read_once_and_needs_no_prefix(tmp_path: Path) -> None:
    _files(tmp_path / "runs", "x.csv")
    again = tmp_path / "runs" / ".." / "runs"
    found = find_tasks([tmp_path / "runs", again], [EACH], Filters())
    assert [(task.claim.files, task.prefix) for task in found.tasks] == [(("x.csv",), "")]


def test_what_is_refused_below_one_of_several_logs_bears_its_prefix(tmp_path: Path) -> None:
    paths = [_files(tmp_path / name, "x.csv") for name in ("a", "b")]
    reader = HandReader("r", _says(Refusal("x.csv", "no log", "none")))
    found = find_tasks(paths, [reader], Filters())
    assert [refused.path for refused in found.refused] == ["a/x.csv", "b/x.csv"]


def test_a_reader_that_breaks_on_every_path_is_named_once(tmp_path: Path) -> None:
    paths = [_files(tmp_path / name, "x.csv") for name in ("a", "b")]
    found = find_tasks(paths, [HandReader("broken", _exits)], Filters())
    assert len(found.problems) == 1


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing: there is no such file or directory"):
        find_tasks([tmp_path / "missing"], [EACH], Filters())
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UsageError, match="loop: a link that leads nowhere"):
        find_tasks([tmp_path / "loop"], [EACH], Filters())
