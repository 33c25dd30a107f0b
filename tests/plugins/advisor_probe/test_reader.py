"""What is read back of a probe's run directory."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.claims import settle
from advisor.manager import load_plugins
from advisor.notes import NoteKind
from advisor.reader import Claim, Unreadable
from advisor.run import Run
from advisor.walk import walk
from advisor_probe import rundir
from advisor_probe.reader import ProbeReader
from advisor_probe.results import FILE, Results
from tests.plugins.advisor_probe.writing import probe_samples, results


def test_measurements_come_back_with_their_steps_and_facts(tmp_path: Path) -> None:
    probe_samples(tmp_path)
    claims = list(ProbeReader().claim(walk(tmp_path)))
    runs = [run for claim in claims for run in ProbeReader().read(_based(claim, tmp_path))]
    assert [run.name for run in runs] == ["first", "second"]
    ratio = runs[0].series["advisor-probe/initial/ratio"]
    assert math.isinf(ratio.values[0])
    assert runs[0].config["one-step.lr"].value == 0.1


def test_the_event_file_beside_it_is_no_training_of_its_own(tmp_path: Path) -> None:
    probe_samples(tmp_path)
    claims, refused, _ = settle(walk(tmp_path), load_plugins().readers.values())
    assert {claim.reader for claim in claims} == {"probe"}
    assert refused == []


def test_a_probe_that_was_interrupted_is_noted_as_unfinished(tmp_path: Path) -> None:
    held = results(inputs__rms=(1.0,)).model_copy(update={"interrupted": True})
    rundir.save(tmp_path, held)
    assert [note.kind for note in _read(tmp_path).notes] == [NoteKind.UNFINISHED]


@pytest.mark.parametrize(
    "text",
    ['{"kind": "advisor-probe"', '{"kind": "advisor-probe", "version": 2}',
     '{"kind": "advisor-probe", "series": {"a/b": {"steps": "x"}}}', '{"kind": "advisor-probe"}'],
)  # fmt: skip
def test_a_damaged_file_says_what_is_wrong_and_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as raised:
        _read(tmp_path)
    assert "advisor probe" in raised.value.cure


def test_preparing_removes_what_an_earlier_probe_left_and_nothing_else(tmp_path: Path) -> None:
    probe_samples(tmp_path)
    mine = tmp_path / "first" / "events.out.tfevents.1.host"
    mine.write_bytes(b"")
    rundir.prepare(tmp_path / "first")
    assert [path.name for path in (tmp_path / "first").iterdir()] == [mine.name]


def test_results_survive_json() -> None:
    held = results(a__b=(1.0, math.nan, -math.inf))
    again = Results.model_validate_json(held.model_dump_json())
    assert again.model_dump_json() == held.model_dump_json()


def _based(claim: object, folder: Path) -> Claim:
    assert isinstance(claim, Claim)
    return replace(claim, base=folder)


def _read(folder: Path) -> Run:
    claim = next(iter(ProbeReader().claim(walk(folder))))
    return next(ProbeReader().read(_based(claim, folder)))
