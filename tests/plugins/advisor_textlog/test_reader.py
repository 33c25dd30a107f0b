from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.reader import Claim, Unreadable
from advisor.run import Run
from advisor.walk import walk
from advisor_textlog.reader import TextLogReader
from tests.plugins.advisor_textlog import writing

Write = Callable[[str, str], Path]
Runs = Callable[[Path], list[Run]]


def kinds(run: Run) -> set[NoteKind]:
    return {each.kind for each in run.notes}


def test_seeds_appended_to_one_file_are_runs_of_their_own(write: Write, runs_of: Runs) -> None:
    runs = runs_of(write("a.txt", writing.text(writing.modded(20) * 3)))
    assert [run.name for run in runs] == ["a#1", "a#2", "a#3"]
    assert {len(run.series["val_loss"]) for run in runs} == {3}
    assert all(NoteKind.RESTARTED not in kinds(run) for run in runs)


def test_a_run_that_crashed_and_began_anew_is_another_run(write: Write, runs_of: Runs) -> None:
    lines = [*writing.modded(40)[:20], *writing.modded(40)]
    runs = runs_of(write("a.txt", writing.text(lines)))
    assert [len(run.series["train_loss"]) for run in runs] == [18, 40]


def test_a_run_that_goes_on_from_a_checkpoint_is_one_run(write: Write, runs_of: Runs) -> None:
    lines = [*writing.llmc(30), *writing.llmc(40, first=20)]
    (run,) = runs_of(write("main.log", writing.text(lines)))
    segments = run.series["trl"].segments
    assert segments is not None
    assert segments.tolist() == [0] * 30 + [1] * 20
    (restart,) = (each for each in run.notes if each.kind is NoteKind.RESTARTED)
    assert restart.params == {"step": 20}


def test_a_log_that_begins_at_a_checkpoint_is_one_run(write: Write, runs_of: Runs) -> None:
    lines = writing.llmc(80, first=50) * 2
    (run,) = runs_of(write("main.log", writing.text(lines)))
    assert len(run.series["trl"]) == 60


def test_a_last_line_that_was_cut_off_loses_its_last_number(write: Write, runs_of: Runs) -> None:
    lines = writing.modded(30)[:-1]
    whole = writing.text(lines[:-1])
    (run,) = runs_of(write("a.txt", f"{whole}step:30/30 train_loss:0."))
    assert len(run.series["train_loss"]) == 29
    (cut,) = (each for each in run.notes if each.kind is NoteKind.TRUNCATED)
    assert cut.params["offset"] == len(whole)


def test_a_last_line_without_its_end_that_is_whole_is_kept(write: Write, runs_of: Runs) -> None:
    (run,) = runs_of(write("a.txt", writing.text(writing.modded(30), end="")))
    assert run.series["val_loss"].steps[-1] == 30
    assert NoteKind.TRUNCATED not in kinds(run)


def test_rounding_is_noted_where_it_hides_changes(write: Write, runs_of: Runs) -> None:
    lines = [f"epoch {i} loss: {0.02 / (i + 1):.4f} acc: 0.9312" for i in range(40)]
    (run,) = runs_of(write("a.log", writing.text(lines)))
    (found,) = (each for each in run.notes if each.kind is NoteKind.ROUNDED)
    assert (found.series, found.params) == (("loss",), {"digits": 4})


def test_rounding_below_the_noise_is_not_noted(write: Write, runs_of: Runs) -> None:
    for lines in (writing.nanogpt(), writing.modded(), writing.epochs()):
        (run,) = runs_of(write("a.log", writing.text(lines)))
        assert NoteKind.ROUNDED not in kinds(run)


def test_a_claimed_file_that_is_gone_or_changed_is_unreadable(tmp_path: Path) -> None:
    claim = Claim("text-log", "a", ("a.log",), "lines", base=tmp_path)
    for content in (None, b"\x00\x01\x02" * 99, b"nothing\n"):
        if content is not None:
            (tmp_path / "a.log").write_bytes(content)
        with pytest.raises(Unreadable):
            list(TextLogReader().read(claim))


FRAGMENTS = [
    *("step:1/9", "s:3 trl:", "iter 5: loss ", "Step 7 | loss:", "epoch ", " loss=", "\n", "\n"),
    *("12", "0.5", "nan", "1e999", "-inf", "9" * 20, ", ", "\r", "\x1b[1m", "值"),
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join).map(str.encode) | st.binary())
@example(b"epoch 1 loss: 1\nepoch 2 loss: 2\nepoch 3 loss: inf")
def test_any_bytes_are_read_or_unreadable(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.log"
    path.write_bytes(data)
    for answer in TextLogReader().claim(walk(path)):
        if isinstance(answer, Claim):
            with suppress(Unreadable):
                list(TextLogReader().read(replace(answer, base=path.parent)))
