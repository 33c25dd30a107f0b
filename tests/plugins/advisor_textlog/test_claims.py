from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.reader import Claim, Refusal
from tests.plugins.advisor_textlog import writing

Write = Callable[[str, str], Path]
Answers = Callable[[Path], tuple[list[Claim], list[Refusal]]]


@pytest.mark.parametrize(
    ("name", "lines", "root"),
    [
        pytest.param("train.log", writing.nanogpt(), "train", id="nanoGPT"),
        pytest.param("8bfe.txt", writing.modded(), "8bfe", id="modded-nanogpt"),
        pytest.param("log124M/main.log", writing.llmc(), "log124M", id="llm.c"),
        pytest.param("log_17.txt", writing.torchtune(), "log_17", id="torchtune"),
        pytest.param("slurm-12.out", writing.epochs(), "slurm-12.out", id="by epoch"),
        pytest.param("stdout", writing.epochs(), "stdout", id="a name without a suffix"),
        pytest.param("train.log.1", writing.epochs(), "train.log.1", id="rotated"),
    ],
)
def test_a_log_is_claimed(
    write: Write, answers_to: Answers, name: str, lines: list[str], root: str
) -> None:
    (claim,), refusals = answers_to(write(name, writing.text(lines)))
    assert (claim.root, claim.files, refusals) == (root, (name,), [])


@pytest.mark.parametrize("lines", [writing.modded(), writing.epochs()], ids=["known", "unknown"])
def test_a_log_is_found_below_a_long_listing_of_its_source(
    write: Write, answers_to: Answers, lines: list[str]
) -> None:
    listing = writing.LISTING * 20
    assert len(listing) > 1 << 17
    claims, _ = answers_to(write("a.txt", listing + writing.text(lines)))
    assert len(claims) == 1


PIP = [f"Downloading package_{i}-1.2.{i}.whl ({i}.5 MB)" for i in range(40)]
DVC = ["outs:", "- md5: 0123abcd", "  size: 1024", "  path: data"] * 20
PROSE = ["In each epoch, 3 passes are made: the loss is 0.5 or less."] * 30
CODE = [f"    step = {i}; width = {i}" for i in range(40)]
SENSORS = [f"step: {i} temperature: {20 + i / 10}" for i in range(40)]
TABLE = ["step loss", *(f"{i} {1 / (i + 1)}" for i in range(40))]
RESULT = ["Final accuracy: 0.93", "Best epoch: 12"]
JSON = [f'{{"epoch": {i}, "loss": 0.5}}' for i in range(40)]
TORN = [f"epoch: {i * 7919 % 100} loss: 0.5" for i in range(40)]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        pytest.param("pip.log", PIP, id="what pip prints"),
        pytest.param("data.dvc.txt", DVC, id="a DVC file"),
        pytest.param("README.txt", PROSE, id="prose"),
        pytest.param("code.txt", CODE, id="code"),
        pytest.param("listing.txt", [writing.LISTING], id="a listing alone"),
        pytest.param("sensors.log", SENSORS, id="numbers that no training measures"),
        pytest.param("table.txt", TABLE, id="a table, which another reader knows"),
        pytest.param("result.txt", RESULT, id="final results"),
        pytest.param("log.txt", JSON, id="JSON lines, which another reader knows"),
        pytest.param("random.log", TORN, id="a count that goes up and down"),
        pytest.param("short.log", writing.epochs(12), id="too few lines"),
        pytest.param("requirements.txt", ["numpy==1.26", "torch==2.4"], id="requirements"),
        pytest.param("train.py", writing.modded(), id="a name of no log"),
        pytest.param("empty.log", [], id="nothing"),
    ],
)
def test_what_is_no_log_is_left_alone(
    write: Write, answers_to: Answers, name: str, lines: list[str]
) -> None:
    assert answers_to(write(name, writing.text(lines))) == ([], [])


def test_few_lines_are_enough_in_a_file_that_is_named(write: Write, answers_to: Answers) -> None:
    folder = write("odd.name", writing.text(writing.epochs(5)))
    claims, _ = answers_to(folder / "odd.name")
    assert [claim.root for claim in claims] == ["odd.name"]


def test_a_named_text_without_a_log_is_refused(write: Write, answers_to: Answers) -> None:
    folder = write("console.log", "loading weights\ndone: 3 files\n")
    claims, (refusal,) = answers_to(folder / "console.log")
    assert (claims, refusal.file) == ([], "console.log")


@pytest.mark.parametrize(
    "beside", ["metrics.csv", "events.out.tfevents.1.host", "vis_data/scalars.json"]
)
def test_what_a_structured_log_tells_better_is_not_told_again(
    write: Write, answers_to: Answers, beside: str
) -> None:
    write(f"run/{beside}", "")
    write("other/train.log", writing.text(writing.epochs()))
    claims, _ = answers_to(write("run/train.log", writing.text(writing.epochs())))
    assert [claim.files for claim in claims] == [("other/train.log",)]


def test_texts_of_one_name_keep_their_suffix(write: Write, answers_to: Answers) -> None:
    write("a.txt", writing.text(writing.nanogpt()))
    claims, _ = answers_to(write("a.log", writing.text(writing.nanogpt())))
    assert sorted(claim.root for claim in claims) == ["a.log", "a.txt"]


def test_only_the_last_resort_is_unsure(write: Write, answers_to: Answers) -> None:
    write("a.log", writing.text(writing.llmc()))
    claims, _ = answers_to(write("b.log", writing.text(writing.epochs())))
    assert [claim.certainty for claim in claims] == [90, 10]
