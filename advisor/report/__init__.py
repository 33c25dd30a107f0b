"""The report: one versioned document, the only thing that a renderer sees, and how it is kept."""

from __future__ import annotations

from advisor.report.document import (
    SCHEMA_VERSION,
    Diagnosis,
    Experiment,
    Hypothesis,
    NextStep,
    Problem,
    Refused,
    Report,
    RuleInfo,
    RunEntry,
    Settled,
    Span,
    Status,
    Verdict,
)

__all__ = [
    "SCHEMA_VERSION",
    "Diagnosis",
    "Experiment",
    "Hypothesis",
    "NextStep",
    "Problem",
    "Refused",
    "Report",
    "RuleInfo",
    "RunEntry",
    "Settled",
    "Span",
    "Status",
    "Verdict",
]
