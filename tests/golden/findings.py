"""Every finding on the example runs, a line each: what a change of a rule does, as a diff to read.

python -m tests.golden.findings
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from advisor.api import analyze
from advisor.finding import Evidence, Finding
from advisor.presentation import counts_phrase
from advisor.report import Diagnosis, Report
from advisor.text import percent

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "examples" / "recorded"
FILE = Path(__file__).with_name("findings.txt")
COMMAND = "make golden"

HEAD = f"""\
What advisor says of examples/recorded. `{COMMAND}` writes it anew; read the diff.
Of each run: severity, confidence, rule, where. What follows from a finding stands beneath it.
"""


def text() -> str:
    """Return the content of the file."""
    return "\n".join((HEAD, *_lines(analyze(RECORDED)))) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield report.verdict.message.text
    yield counts_phrase(report.verdict)
    quiet = {run.name: run.state.text for run in report.runs}
    for runs in sorted({diagnosis.runs for diagnosis in report.diagnoses}):
        yield f"\n{', '.join(runs)}"
        for diagnosis in report.diagnoses:
            if diagnosis.runs == runs:
                yield from _said(report, diagnosis)
        for run in runs:
            quiet.pop(run, None)
    yield ""
    yield from (f"{run}: {state}" for run, state in sorted(quiet.items()))


def _said(report: Report, diagnosis: Diagnosis) -> Iterator[str]:
    for hypothesis in diagnosis.hypotheses:
        yield f"  {_line(report.finding(hypothesis.finding))}"
    for identifier in diagnosis.consequences:
        yield f"    {_line(report.finding(identifier))}"


def _line(finding: Finding) -> str:
    where = "; ".join(dict.fromkeys(map(_where, finding.evidence)))
    return f"{finding.severity.value} {percent(finding.confidence)} {finding.rule}: {where}"


def _where(evidence: Evidence) -> str:
    return f"{evidence.series} {evidence.first_step} to {evidence.last_step}"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
