from __future__ import annotations

from advisor_ci.remarks import located, remarks
from tests.reports.advisor_ci.placed import FILE, hostile_placed_report, placed_report
from tests.sample_report import large_report, quiet_report, sample_report


def test_remarks_come_in_the_order_of_the_entries() -> None:
    assert [r.entry.number for r in remarks(placed_report())] == [1, 2, 3, 4]


def test_what_an_entry_says_of_runs_with_and_without_a_line_is_told_apart() -> None:
    report = placed_report()
    lost = sample_report().diagnoses[2]
    diagnoses = (*report.diagnoses[:2], lost, *report.diagnoses[3:])
    mixed = report.model_copy(update={"diagnoses": diagnoses, "findings": sample_report().findings})
    third = [r for r in remarks(mixed) if r.entry.number == 3]
    assert [r.place and r.place.text for r in third] == [None, f"{FILE}:20"]
    assert [len(r.runs) for r in third] == [1, 2]


def test_only_remarks_on_a_line_are_located() -> None:
    assert {place.text for _, place in located(placed_report())} == {f"{FILE}:14", f"{FILE}:20"}
    assert located(sample_report()) == ()
    assert located(quiet_report()) == ()


def test_a_fingerprint_stays_when_the_line_moves_and_differs_between_files_and_rules() -> None:
    prints = [r.fingerprint for r, _ in located(placed_report())]
    moved = placed_report().model_dump_json(by_alias=True).replace('"line":14', '"line":15')
    again = type(placed_report()).from_json(moved)
    assert [r.fingerprint for r, _ in located(again)] == prints
    assert len(set(prints)) == len(prints)
    assert not {r.fingerprint for r, _ in located(placed_report("b.yaml"))} & set(prints)


def test_a_text_is_one_line_whatever_the_names_are() -> None:
    for remark in remarks(hostile_placed_report()):
        assert len(f"{remark.title}. {remark.text}".splitlines()) == 1


def test_of_many_entries_each_is_a_remark() -> None:
    assert len(list(remarks(large_report(200)))) == 200
