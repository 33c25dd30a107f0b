from __future__ import annotations

import pytest

from advisor.finding import Change, Place
from advisor.lines.places import place_of, with_places
from advisor.lines.values import Line
from advisor.model import Value
from tests.sample_report import quiet_report, sample_report


def lines(**values: Value) -> tuple[Line, ...]:
    """Return a file with a value on each line, ``__`` in a name for a dot."""
    return tuple(
        Line(name.replace("__", "."), value, Place(file="train.yaml", line=number))
        for number, (name, value) in enumerate(values.items(), 1)
    )


def change(
    path: str | None = "lr", before: Value = 0.1, parameter: str = "learning_rate"
) -> Change:
    return Change(parameter=parameter, path=path, before=before, after=0.01, direction="down")


def line_of(what: Change, among: tuple[Line, ...]) -> int | None:
    place = place_of(what, among)
    return place.line if place else None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("lr", "lr"),
        ("lr", "optimizer__lr"),
        ("model.optimizer.lr", "optimizer__lr"),
        ("config/lr", "lr"),
        ("--lr", "lr"),
        ("base-lr", "base_lr"),
        (None, "lr"),
        (None, "optimizer__base_lr"),
        ("args.learning_rate", "lr0"),
    ],
)
def test_a_line_fits_by_the_name_of_the_run_or_a_known_one(path: str | None, name: str) -> None:
    assert line_of(change(path), lines(seed=1, **{name: "0.1"})) == 2


def test_the_name_of_the_run_goes_before_other_names() -> None:
    assert line_of(change("optimizer.lr"), lines(base_lr=0.1, optimizer__lr=0.1)) == 2


def test_two_lines_that_fit_are_none() -> None:
    assert line_of(change("lr"), lines(generator__lr=0.1, critic__lr=0.1)) is None
    assert line_of(change(None), lines(lr0=0.1, base_lr=0.1)) is None


def test_the_value_of_the_run_tells_two_lines_apart() -> None:
    assert line_of(change("lr"), lines(generator__lr=0.1, critic__lr=0.2)) == 1


def test_a_line_with_another_value_than_the_run_had_is_none() -> None:
    assert line_of(change("lr"), lines(lr=0.2)) is None


def test_a_line_under_the_name_of_the_run_with_another_value_is_not_replaced_by_an_alias() -> None:
    assert line_of(change("lr"), lines(lr=0.2, base_lr=0.1)) is None


def test_no_line_is_found_in_another_section_or_for_another_parameter() -> None:
    assert line_of(change("optimizer.type", "sgd", "optimizer"), lines(model__type="sgd")) is None
    assert line_of(change("color", 0.1, "unknown"), lines(lr=0.1)) is None


@pytest.mark.parametrize(
    ("before", "written"),
    [
        (1e-3, "1e-3"),
        (0.10000000149011612, 0.1),
        ("1e-3", 0.001),
        ((0.9, 0.99), ("0.9", "0.99")),
        ("SGD", "sgd"),
        (True, True),
        (None, 5),
    ],
)
def test_spellings_of_one_value_agree(before: Value, written: Value) -> None:
    assert line_of(change("lr", before), lines(lr=written)) == 1


@pytest.mark.parametrize(
    ("before", "written"), [(0.1, 0.1001), ((0.9,), (0.9, 0.99)), (True, "sgd"), (0.1, None)]
)
def test_other_values_do_not_agree(before: Value, written: Value) -> None:
    assert line_of(change("lr", before), lines(lr=written)) is None


def test_the_same_line_read_twice_is_one_line() -> None:
    (line,) = lines(lr=0.1)
    assert place_of(change(), (line, line)) == line.place


def test_findings_diagnoses_and_the_experiment_name_the_line() -> None:
    report = with_places(sample_report(), lines(seed=1, optimizer__lr=1e-3))
    placed = [c.place.line for f in report.findings for c in f.changes if c.place]
    assert placed
    assert set(placed) == {2}
    assert any(c.place for d in report.diagnoses for c in d.next.changes)
    assert report.experiment
    assert [c.place and c.place.text for c in report.experiment.changes] == ["train.yaml:2"]


def test_a_report_without_changes_or_without_settings_stays_as_it_is() -> None:
    assert with_places(quiet_report(), lines(lr=0.1)) == quiet_report()
    assert with_places(sample_report(), ()) == sample_report()
