"""Score findings against real runs that a careful reader has labelled.

The runs are not part of this project. ``ADVISOR_REALLOGS`` names a folder with a
``manifest.csv``, one row a run: ``id``, ``repo``, ``paths`` (relative to the folder, separated by
``;``), ``series`` (where one file holds several runs), ``points``, and a column ``yes``, ``no``,
``unclear`` or ``na`` for each label. Every rate is given per run and per repository, because
runs of one repository are far from independent, and every error is listed.

    ADVISOR_REALLOGS=folder python benchmarks/score_real_logs.py [--formats tb_events,...]
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from advisor.engine import Request, analyze
from advisor.finding import Finding, Severity
from advisor.manager import load_plugins
from advisor.report import Report
from advisor.settings import Settings

LABELS = {
    "diverged_or_nan": ("diverged", "loss-not-finite"),
    "overfitting": ("overfitting",),
    "val_loss_metric_mismatch": ("val-loss-rises-metric-holds",),
    "still_improving_at_end": ("still-improving",),
    "no_validation_logged": ("no-validation",),
    "plateau": ("lr-decay-on-plateau", "underfitting"),
    "lr_too_low_suspect": ("lr-too-low",),
    "lr_too_high_suspect": ("lr-too-high",),
    "noisy": ("batch-too-small-noise", "lr-too-high"),
}
"""A label, and the rules whose findings answer it with yes."""

CERTAIN = 0.8
"""A warning or error at this confidence is a firm answer; on an unclear cell it is wrong."""


@dataclass
class Tally:
    """How the answers to one label compare with the manifest."""

    hits: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    right_no: int = 0
    repositories: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: dict[str, str], label: str, *, found: bool) -> None:
        """Count one yes or no."""
        truth = row[label] == "yes"
        self.repositories[row["repo"]].append(truth == found)
        if truth and found:
            self.hits += 1
        elif truth:
            self.missed.append(row["id"])
        elif found:
            self.false.append(row["id"])
        else:
            self.right_no += 1

    def line(self, label: str) -> str:
        """Return the figures as one row."""
        yes = self.hits + len(self.missed)
        said = self.hits + len(self.false)
        whole = sum(all(answers) for answers in self.repositories.values())
        return (
            f"{label:26} {_share(self.hits, said):>14} {_share(self.hits, yes):>14} "
            f"{len(self.false):>6} {whole:>4} of {len(self.repositories)}"
        )


def main() -> int:
    """Score, print, and return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--formats", help="only rows of these formats, separated by commas")
    formats = (parser.parse_args().formats or "").split(",")
    folder = os.environ.get("ADVISOR_REALLOGS")
    if not folder:
        sys.exit("ADVISOR_REALLOGS must name the folder with manifest.csv")
    with (Path(folder) / "manifest.csv").open(newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if formats == [""] or r["format"] in formats]
    report = analyze(Request((Path(folder),)), Settings(show_secrets=True), load_plugins()).report
    answers = {row["id"]: _answers(report, row) for row in rows}
    for line in _lines(rows, answers):
        print(line)
    return 0


def _answers(report: Report, row: dict[str, str]) -> list[Finding] | None:
    """Return the findings on the run of a row; ``None`` if no run was read from its files."""
    paths = [path.rstrip("/") for path in row["paths"].split(";")]
    runs = {
        run.name
        for run in report.runs
        if any(f == p or f.startswith(f"{p}/") for f in run.files for p in paths)
        and (not row["series"] or row["series"].split(" - ")[0] == run.name.partition("#")[2])
    }
    return [f for f in report.findings if runs & set(f.runs)] if runs else None


def _lines(rows: list[dict[str, str]], answers: dict[str, list[Finding] | None]) -> Iterator[str]:
    unread = [row["id"] for row in rows if answers[row["id"]] is None]
    yield f"{len(rows) - len(unread)} of {len(rows)} runs were read"
    if unread:
        yield f"not read: {', '.join(unread)}"
    yield f"\n{'label':26} {'precision':>14} {'recall':>14} {'false':>6} repositories all right"
    tallies = {label: _tally(rows, answers, label) for label in LABELS}
    for label, tally in tallies.items():
        yield tally.line(label)
    for label, tally in tallies.items():
        for word, ids in (("missed", tally.missed), ("false alarm", tally.false)):
            for identifier in ids:
                yield f"{label}: {word}: {identifier}{_said(answers[identifier], label)}"
    yield from _unclear(rows, answers)


def _tally(
    rows: list[dict[str, str]], answers: dict[str, list[Finding] | None], label: str
) -> Tally:
    tally = Tally()
    for row in rows:
        findings = answers[row["id"]]
        if row[label] in ("yes", "no") and findings is not None:
            tally.add(row, label, found=bool(_matching(findings, label)))
    return tally


def _matching(findings: Iterable[Finding], label: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule in LABELS[label]]


def _said(findings: list[Finding] | None, label: str) -> str:
    matching = _matching(findings or [], label)
    return "".join(
        f": {f.severity.value}, {f.confidence:.0%}: {f.advice.evidence.text}" for f in matching
    )


def _unclear(rows: list[dict[str, str]], answers: dict[str, list[Finding] | None]) -> Iterator[str]:
    """Say how many unclear cells got a firm answer."""
    cells, firm = 0, []
    for row in rows:
        for label in LABELS:
            if row[label] == "unclear" and answers[row["id"]] is not None:
                cells += 1
                certain = [
                    finding
                    for finding in _matching(answers[row["id"]] or [], label)
                    if finding.severity is not Severity.NOTE and finding.confidence >= CERTAIN
                ]
                if certain:
                    firm.append(f"{row['id']} {label}{_said(certain, label)}")
    yield f"\nunclear cells with a firm answer: {_share(len(firm), cells)}"
    yield from firm


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.2f}" if whole else "0/0"


if __name__ == "__main__":
    sys.exit(main())
