"""One report of each schema version, as the first advisor with that version wrote it.

They are never written anew: what they hold is what users have on their disks.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.cli import main
from advisor.manager import load_plugins
from advisor.report import SCHEMA_VERSION, Report
from tests.support import ROOT, references_are_whole

SAVED = Path(__file__).parent / "saved"
VERSIONS = range(1, SCHEMA_VERSION + 1)
FORMATS = sorted(load_plugins().renderers)


def saved(version: int) -> Path:
    return SAVED / f"schema-{version}.json"


def test_there_is_one_of_each_version_and_no_other() -> None:
    assert {path.name for path in SAVED.iterdir()} == {saved(v).name for v in VERSIONS}


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_read_with_all_that_it_holds(version: int) -> None:
    report = Report.from_json(saved(version).read_bytes())
    assert report.schema_version == version
    assert references_are_whole(report)
    assert {finding.severity.value for finding in report.findings} == {"error", "warning", "note"}
    assert report.runs
    assert report.refused


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("version", VERSIONS)
def test_it_renders_to_every_format(version: int, name: str) -> None:
    report = Report.from_json(saved(version).read_bytes())
    text = load_plugins().renderers[name].render(report)
    title = report.findings[0].advice.title.text.split("`")[0]
    assert title in " ".join(text.split())


@pytest.mark.parametrize("version", VERSIONS)
def test_it_serves_as_a_baseline(version: int, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    logs = ROOT / "examples" / "recorded" / "digits-mlp-overfit"
    given = ["--baseline", str(saved(version)), "--format", "json", "-o", str(out)]
    assert main(["run", str(logs), *given, "--fail-on", "never"]) == 0
    report = Report.from_json(out.read_bytes())
    assert report.comparison is not None
    assert report.comparison.baseline == "study"
