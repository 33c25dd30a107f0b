"""What the page's script needs to draw a chart anew: which of the page's curves it shows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from advisor.finding import Finding
from advisor.language import word
from advisor.presentation import shown_name
from advisor_html.charts import LABEL, Picture
from advisor_html.store import Key, Store, near, whole
from advisor_html.traces import Trace, from_near, window

DIGITS = 9
"""Significant digits of the edges of a frame."""


def spec(finding: Finding, picture: Picture, traces: Sequence[Trace], store: Store) -> str:
    """Return the description of a finding's chart as JSON.

    ``lines`` holds, for each line, the number of its whole curve and of the finding's stretch of
    it (the same where there is none), what the line is called, and its style.
    ``frame`` is the range of values that is shown at first. What is not so, or not there, is
    left out.
    """
    places = [_places(finding, trace, store) for trace in traces]
    return _described(picture, places, near=from_near(traces))


def whole_spec(picture: Picture, keys: Sequence[Key], store: Store) -> str:
    """Return the description of a chart of whole curves, which marks no evidence."""
    places = map(store.number, keys)
    return _described(picture, [(place, place) for place in places], near=False)


def _described(picture: Picture, places: Sequence[tuple[int, int]], *, near: bool) -> str:
    frame = picture.shown.padded()
    lines = (
        (*place, shown_name(line.label, LABEL), line.style)
        for place, line in zip(places, picture.lines, strict=False)
    )
    known = {
        "lines": list(lines),
        "axis": word(picture.curves[0].axis.value),
        "stretch": picture.stretch,
        "best": picture.best,
        "near": near,
        "frame": tuple(float(f"{value:.{DIGITS}g}") for value in (frame.low, frame.high)),
        "log": frame.powers,
    }
    given = {name: value for name, value in known.items() if value}
    return json.dumps(given, separators=(",", ":"), ensure_ascii=False)


def _places(finding: Finding, trace: Trace, store: Store) -> tuple[int, int]:
    run, series = trace.run.name, trace.curve.series
    place = store.number(whole(run, series))
    return place, store.number(near(run, series, finding.id)) if window(finding, trace) else place
