"""Puts the screen together and prints it into a string."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from advisor.language import tell, word
from advisor.presentation import FIRST, counts_phrase, entries, fine, shown_name
from advisor.presentation.comparison import HEADING
from advisor.report import Report
from advisor_terminal import baseline, entry, rest, sweep
from advisor_terminal.words import QUIET, STYLES, sentence

MOST = 8
"""Entries on the screen, the worst first: the first few in full, as nobody acts on more at once."""
NARROWEST = 20
"""Columns. In less, there is no room for a word beside its indentation."""


class TerminalRenderer:
    """Writes the screen that ends a run of the command line.

    ``width`` is the terminal's, in columns. ``color`` adds ANSI styles; whether a terminal
    wants them (``NO_COLOR``, a pipe) is for the caller to find out.
    """

    name = "terminal"
    suffix = ".txt"
    summary = "one screen to act on"

    def __init__(self, width: int = 100, *, color: bool = False) -> None:
        self.width = max(width, NARROWEST)
        self.color = color

    def fitted(self, *, width: int, color: bool) -> TerminalRenderer:
        """Return the renderer for a terminal of ``width`` columns."""
        return TerminalRenderer(width, color=color)

    def render(self, report: Report) -> str:
        """Write the verdict, the worst entries, and what could not be judged or read."""
        screen = _Screen(self.width, color=self.color)
        screen.show(_verdict(report))
        self._advice(screen, report)
        if planned := report.experiment:
            screen.part(Text(word("Next experiment"), "bold"), entry.experiment(planned))
        if report.comparison:
            compared = baseline.lines(report, report.comparison)
            screen.part(Text(word(HEADING), "bold"), compared)
        if runs := list(rest.runs(report, self.width)):
            screen.part(Text(word("Runs"), "bold"), runs)
        if report.sweep:
            screen.part(Text(word("Runs compared"), "bold"), sweep.lines(report.sweep))
        for title, lines in rest.lists(report):
            if lines:
                screen.part(Text(title, "bold"), lines)
        screen.part(rest.summary(report), ())
        return screen.text()

    def _advice(self, screen: _Screen, report: Report) -> None:
        advice = entries(report)
        for item in advice[:FIRST]:
            screen.part(entry.title(item), entry.facts(report, item))
        for item in advice[FIRST:MOST]:
            screen.part(entry.title(item), entry.brief(item))
        if len(advice) > FIRST:
            screen.part(Text(_in_full(len(advice)), QUIET), ())


def _in_full(count: int) -> str:
    if count <= MOST:
        return tell("With -o report.html all {n:step} are written in full.", n=count)
    text = "and {more:step} more; with -o report.html all {n:step} are written in full."
    return tell(text, more=count - MOST, n=count)


def _verdict(report: Report) -> Text:
    verdict = report.verdict
    style = STYLES[verdict.severity] if verdict.severity or fine(report) else ""
    counts = (counts_phrase(verdict), style)
    said = sentence(verdict.message)
    if verdict.useful is not None and verdict.useful < 1:
        said.append(tell(" Useful compute: {share:percent}.", share=verdict.useful))
    return Text.assemble((shown_name(report.title), "bold"), word(": "), counts, "\n", said)


class _Screen:
    """A rich console that prints into a string, whatever the environment says."""

    def __init__(self, width: int, *, color: bool) -> None:
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=width,
            height=100,
            force_terminal=color,
            color_system="standard" if color else None,
            no_color=not color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            # The caller has looked at the environment: the same report gives the same text.
            _environ={},
        )

    def show(self, what: RenderableType) -> None:
        """Print something, words longer than a line broken to fit."""
        self._console.print(what, overflow="fold")

    def part(self, heading: Text, lines: Iterable[RenderableType]) -> None:
        """Print an empty line, a heading, and what belongs to it, indented."""
        self.show("")
        self.show(heading)
        for line in lines:
            self.show(Padding(line, (0, 0, 0, 2), expand=False))

    def text(self) -> str:
        """Return what was printed, without the spaces that fill its lines."""
        return "".join(f"{line.rstrip()}\n" for line in self._out.getvalue().split("\n")[:-1])
