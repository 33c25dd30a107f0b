from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.report import Report
from advisor_ci.annotations import MOST, GitHubRenderer, command
from tests.reports.advisor_ci.placed import FILE, hostile_placed_report, placed_report
from tests.sample_report import HOSTILE, large_report, quiet_report, sample_report

COMMAND = re.compile(r"::(error|warning|notice|debug)((?: [^:\n]*)?)::([^\r\n]*)")
TRICKS = ("::", "::error::x", "%0A", "%", "\r", "\n", ",", ":", "=", " ", "##[error]", *HOSTILE)
TEXT = st.lists(st.sampled_from(TRICKS) | st.text(max_size=6), max_size=6).map("".join)


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner does."""
    match = COMMAND.fullmatch(line)
    assert match, line
    pairs = (pair.split("=", 1) for pair in match[2].strip(" ").split(",") if pair)
    return match[1], {key: _unescaped(value) for key, value in pairs}, _unescaped(match[3])


def _unescaped(text: str) -> str:
    for escape, character in {"%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(escape, character)
    return text


def lines(report: Report) -> list[str]:
    text = GitHubRenderer().render(report)
    assert text.endswith("\n")
    return text[:-1].split("\n")


def test_the_level_follows_the_severity_and_the_place_is_the_line() -> None:
    found = [read(line) for line in lines(placed_report())]
    assert [level for level, _, _ in found] == ["error", "error", "warning", "notice"]
    _, properties, said = found[0]
    assert (properties["file"], properties["line"]) == (FILE, "14")
    assert properties["title"] == "Lower the peak learning rate to 3e-4"
    assert "jumped from 3.4 to 7.4 at step 8,400" in said


def test_without_a_settings_file_an_annotation_has_no_place() -> None:
    assert all("file" not in read(line)[1] for line in lines(sample_report()))


def test_there_are_no_more_annotations_than_are_shown_the_first_first() -> None:
    found = [read(line) for line in lines(large_report(200))]
    assert len(found) == MOST
    assert "run-0000" in found[0][2]


def test_nothing_to_say_shows_nothing() -> None:
    (line,) = lines(quiet_report())
    assert read(line)[0] == "debug"


@pytest.mark.parametrize("report", [hostile_placed_report()])
def test_names_make_no_command_of_their_own(report: Report) -> None:
    assert len([read(line) for line in lines(report)]) == MOST


@given(TEXT, TEXT, TEXT)
def test_a_command_is_read_as_it_was_meant(file: str, title: str, text: str) -> None:
    written = command("error", text, file=file, title=title)
    assert len(written.split("\n")) == 1
    assert "\r" not in written
    body = written.removeprefix("::error ")
    properties, _, data = body.partition("::")
    pairs = dict(pair.split("=", 1) for pair in properties.split(","))
    assert {key: _unescaped(value) for key, value in pairs.items()} == {
        "file": file,
        "title": title,
    }
    assert _unescaped(data) == text
