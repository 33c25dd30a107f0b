"""``--baseline`` on recorded runs, copied and altered."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.report import SCHEMA_VERSION, Report
from advisor.report.comparison import Comparison
from tests.support import ROOT, references_are_whole

RECORDED = ROOT / "examples" / "recorded"
HEALTHY = RECORDED / "breast-cancer-dropout-healthy" / "training.csv"
DIVERGED, NAN = RECORDED / "digits-mlp-diverged", RECORDED / "diabetes-linear-nan"
OVERFITTED, SLOW = RECORDED / "digits-mlp-overfit", RECORDED / "digits-mlp-lr-too-low"

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where there are no settings of ours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def copied(source: Path, to: str) -> Path:
    return Path(shutil.copytree(source, to))


def seeds(folder: str, worse: float = 0.0) -> Path:
    """Copy a recorded run as three seeds, a little apart, with a higher validation loss."""
    rows = list(csv.DictReader(HEALTHY.read_text(encoding="utf-8").splitlines()))
    for seed in range(3):
        run = Path(folder) / f"seed-{seed}"
        run.mkdir(parents=True)
        lines = ["epoch,train_loss,val_loss"]
        for row in rows:
            level = float(row["val_loss"]) + worse + 0.001 * seed
            lines.append(f"{row['epoch']},{row['loss']},{level}")
        (run / "metrics.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        settings = f"lr: 0.05\nbatch_size: 32\nseed: {seed}\n"
        (run / "hparams.yaml").write_text(settings, encoding="utf-8")
    return Path(folder)


def compared(*arguments: str) -> tuple[int, Report, Comparison]:
    code = main(["run", *arguments, "--format", "json", "-o", "report.json"])
    report = Report.from_json(Path("report.json").read_bytes())
    assert report.comparison is not None
    return code, report, report.comparison


def test_a_run_that_went_wrong_is_new_and_the_rest_is_not() -> None:
    copied(OVERFITTED, "then/a")
    copied(SLOW, "then/b")
    copied(OVERFITTED, "now/a")
    copied(SLOW, "now/b")
    copied(NAN, "now/c")
    code, report, found = compared("now", "--baseline", "then", "--fail-on", "new-error")
    assert code == 1
    assert references_are_whole(report)
    new = [report.finding(one.finding) for one in found.new]
    assert {finding.runs for finding in new} == {("c",)}
    assert "loss-not-finite" in {finding.rule for finding in new}
    assert len(found.unchanged) == len(report.findings) - len(new) > 3
    assert found.gone == ()


def test_against_itself_nothing_is_new_and_every_score_is_the_same() -> None:
    copied(OVERFITTED, "now/a")
    code, report, found = compared("now", "--baseline", "now", "--fail-on", "new-note")
    assert code == 0
    assert report.findings
    assert (found.new, found.gone) == ((), ())
    assert [change.outcome for change in found.scores] == ["same"]


def test_a_saved_report_serves_as_well_as_the_logs_it_was_made_from() -> None:
    seeds("then")
    seeds("now", worse=0.02)
    main(["run", "then", "--format", "json", "-o", "then.json"])
    _, _, saved = compared("now", "--baseline", "then.json")
    _, _, logs = compared("now", "--baseline", "then")
    assert saved == logs
    (change,) = saved.scores
    assert (change.outcome, len(change.runs)) == ("worse", 3)


def test_a_change_within_the_noise_of_the_seeds_is_none() -> None:
    seeds("then")
    seeds("now", worse=0.0005)
    _, _, found = compared("now", "--baseline", "then")
    assert [change.outcome for change in found.scores] == ["within-noise"]


@pytest.mark.parametrize(
    ("level", "code"),
    [("error", 1), ("new-error", 0), ("new-warning", 0), ("new-note", 0), ("never", 0)],
)
def test_old_findings_fail_only_where_all_do(level: str, code: int) -> None:
    copied(NAN, "now/a")
    assert compared("now", "--baseline", "now", "--fail-on", level)[0] == code


@pytest.mark.parametrize(("level", "code"), [("new-error", 1), ("new-note", 1), ("never", 0)])
def test_without_a_baseline_all_is_new(level: str, code: int) -> None:
    copied(NAN, "now/a")
    assert main(["run", "now", "--fail-on", level]) == code


def test_the_level_may_stand_in_the_settings() -> None:
    copied(NAN, "now/a")
    Path("advisor.toml").write_text('fail-on = "new-error"\n', encoding="utf-8")
    assert main(["run", "now"]) == 1
    assert main(["run", "now", "--baseline", "now"]) == 0


def _newer(path: Path) -> None:
    path.write_text(f'{{"schema_version": {SCHEMA_VERSION + 1}, "advisor": "99"}}')


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _path: None, "there is no such file or directory; check the path"),
        (lambda path: path.mkdir(), "no run that could be read; give a report that"),
        (lambda path: path.write_text("{}"), "no run that could be read; give a report that"),
        (lambda path: path.write_bytes(bytes(range(256))), "no run that could be read; give a"),
        (_newer, f"schema version {SCHEMA_VERSION + 1}; this advisor reads up to"),
        (lambda path: path.write_text('{"schema_version": 1}'), "Field required; give a file"),
        (lambda path: path.write_text('{"schema_version": 1, "adv'), "EOF while parsing"),
    ],
    ids=["missing", "empty", "no report", "junk", "newer", "no content", "half"],
)
def test_a_bad_baseline_is_named_with_the_cure(
    make: Callable[[Path], object], said: str, capsys: Capture
) -> None:
    copied(SLOW, "now/a")
    make(Path("then.json"))
    assert main(["run", "now", "--baseline", "then.json"]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("advisor: --baseline: then.json: ")
    assert said in last


def test_a_saved_report_without_runs_is_refused(capsys: Capture) -> None:
    copied(SLOW, "now/a")
    main(["run", "now", "--format", "json", "-o", "then.json"])
    data = json.loads(Path("then.json").read_bytes()) | {"runs": [], "findings": []}
    Path("then.json").write_text(json.dumps(data | {"diagnoses": []}), encoding="utf-8")
    assert main(["run", "now", "--baseline", "then.json"]) == 2
    assert "it holds no run that could be read" in capsys.readouterr().err


def test_secrets_of_a_baseline_are_hidden_though_it_was_saved_with_them() -> None:
    copied(OVERFITTED, "now/a")
    copied(DIVERGED, "then/alice@example.com/a")
    main(["run", "then", "--show-secrets", "--format", "json", "-o", "then.json"])
    assert "alice@example.com" in Path("then.json").read_text(encoding="utf-8")
    _, report, found = compared("now", "--baseline", "then.json")
    assert "alice" not in report.to_json()
    assert found.gone


def test_a_page_is_a_baseline_as_the_json_in_it_is() -> None:
    copied(OVERFITTED, "now/a")
    copied(DIVERGED, "then/a")
    main(["run", "then", "--format", "json,html", "-o", "then.json", "-o", "then.html"])
    _, by_page, _ = compared("now", "--baseline", "then.html")
    _, by_json, _ = compared("now", "--baseline", "then.json")
    assert by_page == by_json


def test_the_same_input_gives_the_same_bytes() -> None:
    seeds("then")
    seeds("now", worse=0.02)
    copied(NAN, "now/c")
    texts = set()
    for name in ("one", "two"):
        formats = "html,markdown,json,junit,terminal"
        main(["run", "now", "--baseline", "then", "--format", formats, "-o", f"{name}/"])
        texts.add(tuple(path.read_bytes() for path in sorted(Path(name).iterdir())))
    assert len(texts) == 1
