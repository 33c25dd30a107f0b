from __future__ import annotations

from pathlib import Path

import pytest

import advisor
from advisor.errors import UsageError
from advisor.settings import Settings
from tests.support import PLUGINS, overfitted_run, run_python, write_csv_run

GOOD = PLUGINS / "good.py"


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two runs, seen from a working directory of their own."""
    for name in ("a", "b"):
        overfitted_run(tmp_path / "logs" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "logs"


def test_every_public_name_is_there_and_is_listed() -> None:
    assert dir(advisor) == sorted(advisor.__all__)
    assert all(getattr(advisor, name) is not None for name in advisor.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'analyse'"):
        advisor.analyse  # noqa: B018  # the access is the point


def test_a_path_or_several_may_be_given(logs: Path) -> None:
    assert [run.name for run in advisor.analyze(logs).runs] == ["a", "b"]
    assert [run.name for run in advisor.analyze(str(logs)).runs] == ["a", "b"]
    assert [run.name for run in advisor.analyze([logs / "a", logs / "b"]).runs] == ["a", "b"]


def test_any_number_of_jobs_gives_the_same_report(logs: Path) -> None:
    assert advisor.analyze(logs, jobs=2).to_json() == advisor.analyze(logs).to_json()


def test_settings_come_from_the_working_directory_unless_they_are_given(logs: Path) -> None:
    (logs.parent / "advisor.toml").write_text('ignore = ["overfitting"]\n')
    assert "overfitting" not in {finding.rule for finding in advisor.analyze(logs).findings}
    given = advisor.analyze(logs, settings=Settings())
    assert "overfitting" in {finding.rule for finding in given.findings}


def test_arguments_go_before_the_settings(logs: Path) -> None:
    (logs.parent / "advisor.toml").write_text('select = ["fit"]\n')
    report = advisor.analyze(logs, select=["epochs"], objective="train/loss:min", plugins=[GOOD])
    assert {rule.stage for rule in report.rules} == {"epochs"}
    assert report.objective == "train/loss:min"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"select": ["overfiting"]}, "did you mean 'overfitting'?"),
        ({"ignore": ["fitt"]}, "did you mean 'fit'?"),
        ({"jobs": 0}, "at least one process"),
    ],
)
def test_a_wrong_argument_is_a_usage_error(
    logs: Path, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError) as error:
        advisor.analyze(logs, **arguments)  # type: ignore[arg-type]  # wrong on purpose
    assert said in str(error.value)


@pytest.mark.parametrize("given", [[], "missing"])
def test_no_path_or_a_missing_one_is_a_usage_error(logs: Path, given: str | list[str]) -> None:
    assert logs
    with pytest.raises(UsageError):
        advisor.analyze(given)


def test_broken_logs_are_in_the_report_and_raise_nothing(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("")
    report = advisor.analyze(tmp_path)
    assert report.runs == ()
    assert [refused.path for refused in report.refused] == ["metrics.csv"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_script_without_a_guard_runs_once_whatever_the_jobs(logs: Path, jobs: int) -> None:
    script = logs.parent / "script.py"
    script.write_text(
        "import advisor\n"
        "print('once')\n"
        f"print(len(advisor.analyze({str(logs)!r}, jobs={jobs}).runs))\n"
    )
    done = run_python(str(script), cwd=logs.parent)
    assert (done.stdout, done.stderr, done.returncode) == ("once\n2\n", "", 0)


def test_a_notebook_shows_the_page_in_a_frame_that_can_do_nothing_else(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "<script>alert(1)<'script>")
    shown = advisor.analyze(tmp_path)._repr_html_()
    assert shown is not None
    assert shown.startswith('<iframe sandbox="allow-scripts ')
    assert "allow-same-origin" not in shown
    assert shown.count("<") == 2
    assert "&lt;!doctype html&gt;" in shown.lower()


def test_a_baseline_may_be_logs_a_file_or_a_report(logs: Path) -> None:
    earlier = advisor.analyze(logs)
    (logs.parent / "earlier.json").write_text(earlier.to_json())
    for baseline in (logs, logs.parent / "earlier.json", earlier):
        comparison = advisor.analyze(logs, baseline=baseline).comparison
        assert comparison is not None
        assert comparison.unchanged == tuple(finding.id for finding in earlier.findings)
    assert earlier.comparison is None


def test_a_report_is_named_in_a_line_where_it_is_not_displayed(logs: Path) -> None:
    report = advisor.analyze(logs)
    assert repr(report) == str(report)
    assert repr(report).startswith("<Report on logs: ")
    assert len(repr(report.model_copy(update={"title": "\x1b[31m" + "x" * 500}))) < 120
