from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from advisor.claims import Filters
from advisor.engine import Analysis, Request, analyze, choose_executor
from advisor.errors import UsageError
from advisor.execution import PoolExecutor, SerialExecutor, Task
from advisor.manager import Plugins, load_plugins
from advisor.reader import Claim
from advisor.settings import Settings
from tests.support import HANG, PLUGINS, overfitted_run, references_are_whole, write_csv_run

GOOD = str(PLUGINS / "good.py")
THREADS = str(PLUGINS / "threads.py")


def _analyze(*logs: Path, settings: Settings | None = None, runs: str | None = None) -> Analysis:
    chosen = settings or Settings()
    plugins = load_plugins(chosen.plugins)
    request = Request(logs, Filters(runs=runs))
    analysis = analyze(request, chosen, plugins, executor=SerialExecutor(plugins))
    assert references_are_whole(analysis.report)
    return analysis


def _names(analysis: Analysis) -> list[str]:
    return [run.name for run in analysis.report.runs]


def test_runs_come_in_natural_order_with_what_was_found(tmp_path: Path) -> None:
    for name in ("version_10", "version_9"):
        overfitted_run(tmp_path / name)
    report = _analyze(tmp_path).report
    assert [run.name for run in report.runs] == ["version_9", "version_10"]
    assert {finding.rule for finding in report.findings} >= {"overfitting"}
    assert {finding.runs for finding in report.findings} == {("version_9",), ("version_10",)}


def test_a_run_that_is_logs_itself_is_a_dot(tmp_path: Path) -> None:
    write_csv_run(tmp_path)
    assert _names(_analyze(tmp_path)) == ["."]


def test_a_reader_that_never_finds_its_files_is_named_and_the_others_read(tmp_path: Path) -> None:
    plugin = tmp_path / "hangs.py"
    plugin.write_text(
        "import time\n"
        "from advisor import hookimpl\n"
        "class Hangs:\n"
        "    name, summary = 'hangs', 'nothing'\n"
        "    def claim(self, listing):\n"
        f"        time.sleep({HANG})\n"
        "    def read(self, claim):\n"
        "        return iter(())\n"
        "@hookimpl\n"
        "def register_readers():\n"
        "    return (Hangs(),)\n"
    )
    write_csv_run(tmp_path / "logs")
    settings = Settings(plugins=(str(plugin),), **{"read-seconds": 2})
    report = _analyze(tmp_path / "logs", settings=settings).report
    assert [run.name for run in report.runs] == ["."]
    (problem,) = report.problems
    assert problem.where == "reader hangs"
    assert "not finished after 2 s (hangs.py, line 6)" in problem.what


def test_several_logs_are_told_apart(tmp_path: Path) -> None:
    for name in ("a/logs", "b/logs"):
        write_csv_run(tmp_path / name)
        write_csv_run(tmp_path / name / "x")
    analysis = _analyze(tmp_path / "a/logs", tmp_path / "b/logs")
    assert _names(analysis) == ["a/logs", "a/logs/x", "b/logs", "b/logs/x"]
    assert analysis.report.title == "logs, logs"


def test_two_files_that_hold_the_run_of_one_name_make_two_runs(tmp_path: Path) -> None:
    """Two readers may each find a run in one directory."""
    plugin = tmp_path / "twice.py"
    plugin.write_text(
        "from advisor import Claim, hookimpl\n"
        "from advisor.testing import make_run\n"
        "class Twice:\n"
        "    name, summary = 'twice', 'the same run twice'\n"
        "    def claim(self, listing):\n"
        "        for file in listing.files:\n"
        "            if file.name.endswith('.x'):\n"
        "                yield Claim('twice', '.', (file.path,), 'its name')\n"
        "    def read(self, claim):\n"
        "        from dataclasses import replace\n"
        "        run = make_run(name='run', train_loss=[2.0, 1.0])\n"
        "        yield replace(run, files=claim.files)\n"
        "        yield replace(run, files=claim.files)\n"
        "@hookimpl\n"
        "def register_readers():\n"
        "    return (Twice(),)\n"
    )
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("a.x", "b.x"):
        (logs / name).write_text("")
    analysis = _analyze(logs, settings=Settings(plugins=(str(plugin), GOOD)))
    assert _names(analysis) == ["run#a.x", "run#a.x#2", "run#b.x", "run#b.x#2"]
    runs = {finding.runs for finding in analysis.report.findings if finding.rule == "test/talks"}
    assert runs == {(name,) for name in _names(analysis)}


def test_only_runs_that_match_are_judged(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_csv_run(tmp_path / name)
    assert _names(_analyze(tmp_path, runs="b*")) == ["b"]


def test_a_rule_across_runs_that_breaks_is_shown(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_csv_run(tmp_path / name)
    report = _analyze(tmp_path, settings=Settings(plugins=(GOOD,))).report
    (status,) = [s for s in report.statuses if s.rule == "test/counts-runs"]
    assert (status.outcome, status.runs) == ("error", ("a", "b"))
    assert status.reason is not None
    assert "RuntimeError: 2 runs (good.py, line " in status.reason.text


def test_secrets_are_hidden_unless_they_are_asked_for(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "bob@example.org")
    assert _names(_analyze(tmp_path)) == ["<address>"]
    shown = _analyze(tmp_path, settings=Settings(**{"show-secrets": True}))
    assert _names(shown) == ["bob@example.org"]


def test_progress_is_told_for_each_claim(tmp_path: Path) -> None:
    for name in "abc":
        write_csv_run(tmp_path / name)
    seen: list[tuple[int, int]] = []
    analyze(
        Request((tmp_path,)),
        Settings(),
        load_plugins(),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_what_the_filters_leave_out_is_counted(tmp_path: Path) -> None:
    for name in "abc":
        write_csv_run(tmp_path / name)
    request = Request((tmp_path,), filters=Filters(last=1))
    analysis = analyze(request, Settings(), load_plugins())
    assert (len(analysis.report.runs), analysis.found.passed_over) == (1, 2)


def test_an_unknown_rule_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no rule or stage is named"):
        _analyze(tmp_path / "missing", settings=Settings(select=("nothing",)))


def _tasks(folder: Path, *sizes: int) -> list[Task]:
    for index, size in enumerate(sizes):
        with (folder / str(index)).open("wb") as stream:
            stream.truncate(size)
    claims = (Claim("x", ".", (str(i),), "", base=folder) for i in range(len(sizes)))
    return [Task(claim) for claim in claims]


@pytest.mark.parametrize(
    ("foreign", "jobs", "sizes", "expected"),
    [
        (False, None, [9, 9], SerialExecutor),
        (False, None, [9 << 20, 9], PoolExecutor),
        (False, None, [9 << 20], SerialExecutor),
        (False, 1, [9 << 20, 9], SerialExecutor),
        (False, 2, [9, 9], PoolExecutor),
        (True, None, [9], PoolExecutor),
        (True, 1, [9], PoolExecutor),
        (True, None, [], SerialExecutor),
    ],
)
def test_foreign_code_and_much_work_go_to_worker_processes(
    tmp_path: Path, foreign: bool, jobs: int | None, sizes: list[int], expected: type[object]
) -> None:
    plugins = Plugins(foreign=foreign)
    chosen = choose_executor(Settings(jobs=jobs), plugins, _tasks(tmp_path, *sizes))
    assert type(chosen) is expected


def test_a_file_that_is_gone_by_now_does_not_matter_to_the_choice(tmp_path: Path) -> None:
    task = Task(Claim("x", ".", ("gone",), "", base=tmp_path))
    assert isinstance(choose_executor(Settings(), Plugins(), [task]), SerialExecutor)


def test_the_last_runs_are_counted_among_those_whose_name_matches(tmp_path: Path) -> None:
    for name in ("good-1", "good-2", "bad"):
        write_csv_run(tmp_path / name)
    request = Request((tmp_path,), Filters(last=1, runs="good*"))
    (name,) = _names(analyze(request, Settings(), load_plugins()))
    assert name == "good-2"


def test_a_run_below_two_logs_is_read_once(tmp_path: Path) -> None:
    for name in "ab":
        write_csv_run(tmp_path / "logs" / name)
    analysis = _analyze(tmp_path / "logs", tmp_path / "logs" / "a")
    assert _names(analysis) == ["logs/a", "logs/b"]


def test_an_objective_that_no_run_has_is_an_error_with_the_nearest_tag(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "a", val_accuracy=[0.1, 0.2, 0.3])
    with pytest.raises(UsageError, match="did you mean 'val_accuracy'"):
        _analyze(tmp_path, settings=Settings(objective="val_acuracy:max"))


def test_what_an_accepted_finding_explains_is_no_alarm_instead(tmp_path: Path) -> None:
    overfitted_run(tmp_path / "run")
    leading = _analyze(tmp_path).report.diagnoses[0]
    assert leading.consequences
    accepted = Settings(accept={leading.hypotheses[0].rule: "on purpose"})
    report = _analyze(tmp_path, settings=accepted).report
    assert not {f.id for f in report.findings} & {leading.leading, *leading.consequences}


def test_curves_of_many_runs_are_drawn_coarsely_before_they_are_put_together(
    tmp_path: Path,
) -> None:
    for number in range(51):
        write_csv_run(tmp_path / f"run-{number}", train__loss=range(300, 0, -1))
    found = _analyze(tmp_path)
    drawn = {len(c.steps) for r in found.results for c in r.summary.curves.values()}
    assert drawn == {60}


def test_garbage_is_looked_for_as_before_once_all_is_done(tmp_path: Path) -> None:
    before = gc.get_threshold()
    overfitted_run(tmp_path)
    _analyze(tmp_path)
    assert gc.get_threshold() == before


def test_the_executor_of_a_plugin_reads_what_this_process_would(tmp_path: Path) -> None:
    for number in range(3):
        overfitted_run(tmp_path / f"run-{number}")
    settings = Settings(plugins=(THREADS,), executor="threads")
    plugins = load_plugins(settings.plugins)
    assert not plugins.foreign
    threads: Any = plugins.executors["threads"]
    report = analyze(Request((tmp_path,)), settings, plugins).report
    assert threads.carried_out == 3
    assert report == _analyze(tmp_path).report


def test_an_executor_that_nobody_declares_is_a_usage_error(tmp_path: Path) -> None:
    write_csv_run(tmp_path)
    settings = Settings(plugins=(THREADS,), executor="thread")
    with pytest.raises(UsageError, match="did you mean 'threads'"):
        analyze(Request((tmp_path,)), settings, load_plugins(settings.plugins))
