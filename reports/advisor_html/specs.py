"""What the page's script needs to draw a chart anew: where its curves lie in the report."""

from __future__ import annotations

import json
from collections.abc import Sequence

from advisor.finding import Finding
from advisor.presentation import shown_name
from advisor.report import Report
from advisor_html.charts import LABEL, Picture
from advisor_html.traces import Trace, from_near


def spec(report: Report, finding: Finding, picture: Picture, traces: Sequence[Trace]) -> str:
    """Return a chart's description as JSON: places in the report, never its names.

    ``lines`` holds, for each line, the run's and the curve's place in the report, what the
    line is called, and its style. ``frame`` is the range of values that is shown at first.
    """
    frame = picture.shown.padded()
    lines = (
        (*_place(report, trace), shown_name(line.label, LABEL), line.style)
        for trace, line in zip(traces, picture.lines, strict=False)
    )
    known = {
        "finding": finding.id,
        "lines": list(lines),
        "stretch": picture.stretch,
        "best": picture.best,
        "near": from_near(traces),
        "frame": (frame.low, frame.high),
        "log": frame.powers,
        "height": picture.height,
    }
    return json.dumps(known, separators=(",", ":"))


def _place(report: Report, trace: Trace) -> tuple[int, int]:
    run = next(place for place, run in enumerate(report.runs) if run is trace.run)
    names = [curve.series for curve in trace.run.curves]
    return run, names.index(trace.curve.series)
