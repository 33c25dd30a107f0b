"""The documentation of the rules, from their classes: ``python -m advisor.docs``.

Each built-in rule gets a page in ``docs/rules``, and ``docs/rules/index.md`` lists them. The
same page is what ``advisor explain RULE`` prints.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from advisor.accuracy import Measurement, allowed, why_quieter
from advisor.drawing.buckets import reduce
from advisor.finding import Citation, OtherCause
from advisor.manager import load_plugins
from advisor.page import options, page
from advisor.presentation import (
    safe_url,
)
from advisor.presentation.accuracy import INTERVALS, NOT_MEASURED, measured_rows
from advisor.presentation.sparklines import sparkline
from advisor.rule import BaseRule, Example, Nature, Rule, Stage, StudyExample, StudyRule
from advisor.summary import RunSummary

FOLDER = Path("docs/rules")
"""Where the pages lie, below the root of the repository."""
INDEX = "index.md"

COMMAND = "python -m advisor.docs"
"""What writes the pages anew."""

Measured = Mapping[str, Measurement]
"""By rule, what was measured of it."""

NOTHING: Measured = {}

GENERATED = f"<!-- Written by `{COMMAND}` from the classes of the rules: change them there. -->"
WIDTH = 40
"""Characters of a drawn curve."""
DRAWN = 240
"""Buckets that a curve is reduced to before it is drawn, as in a report."""
ROWS = 12
"""Runs of a study that are shown."""
SCORES = "A score is the best smoothed value of what the runs are judged by."
LEGEND = "A curve's scale is its own; a gap means that nothing finite was logged there."


def rule_page(rule: type[BaseRule], measurement: Measurement | None = None) -> str:
    """Return a rule's page as Markdown, with a final newline."""
    found = page(rule)
    parts = [f"# {rule.name}", found.summary, _facts(rule, measurement)]
    parts += [f"## {heading}\n\n{text}" for heading, text in found.sections]
    parts += [_options(rule), _examples(rule), _measured(rule, measurement), _confidence(rule)]
    parts.append(_references(rule.citations))
    return "\n\n".join(part for part in parts if part) + "\n"


def index_page(rules: Sequence[type[BaseRule]], measured: Measured = NOTHING) -> str:
    """Return the list of rules as Markdown, in the order in which the stages are worth doing."""
    parts = [GENERATED, "# Rules", f"{len(rules)} rules, by the part of tuning they belong to."]
    for stage in Stage:
        rows = [
            _row(rule, measured.get(rule.name))
            for rule in sorted(rules, key=_name)
            if rule.stage is stage
        ]
        if rows:
            parts += [f"## {stage.value}", _table(("rule", "severity", "what it finds"), rows)]
    return "\n\n".join(parts) + "\n"


def pages(rules: Sequence[type[BaseRule]], measured: Measured = NOTHING) -> dict[str, str]:
    """Return all pages, by the name of their file."""
    made = {
        _file(rule): f"{GENERATED}\n\n{rule_page(rule, measured.get(rule.name))}"
        for rule in sorted(rules, key=_name)
    }
    return {**made, INDEX: index_page(rules, measured)}


def builtin_pages() -> dict[str, str]:
    """Return the pages of the rules that come with advisor."""
    return pages(builtin_rules(), load_plugins().measurements)


def builtin_rules() -> tuple[type[BaseRule], ...]:
    """Return the rules that come with advisor: their names have no topic."""
    return tuple(rule for name, rule in load_plugins().rules.items() if "/" not in name)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the pages, and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale(folder, files):
        if name in files:
            (folder / name).write_text(files[name], encoding="utf-8", newline="\n")
        else:
            (folder / name).unlink()


def stale(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of pages that are missing, differ, or belong to no rule."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return tuple(name for name in sorted({*there, *files}) if there.get(name) != files.get(name))


def _name(rule: type[BaseRule]) -> str:
    return rule.name


def _file(rule: type[BaseRule]) -> str:
    return f"{rule.name}.md"


def _row(rule: type[BaseRule], measurement: Measurement | None) -> tuple[str, ...]:
    return f"[{rule.name}]({_file(rule)})", _severity(rule, measurement), page(rule).summary


def _severity(rule: type[BaseRule], measurement: Measurement | None) -> str:
    option = ", an option" if rule.nature is Nature.OPTION else ""
    severity = allowed(rule.severity, measurement)
    meant = f", meant as {rule.severity.value}" if severity is not rule.severity else ""
    return f"{severity.value}{option}{meant}"


def _facts(rule: type[BaseRule], measurement: Measurement | None) -> str:
    facts = [("Severity", _severity(rule, measurement)), ("Stage", rule.stage.value)]
    facts.append(("Symptoms", ", ".join(rule.symptoms)))
    if issubclass(rule, Rule):
        facts += [("Needs", _roles(rule.requires)), ("Looks at", _roles(rule.uses))]
        facts.append(("Not for", ", ".join(sorted(task.value for task in rule.not_for))))
        facts.append(("Waits for", "the end of the training" if rule.after_end else ""))
    facts.append(("Explains", ", ".join(_silenced(name) for name in rule.silences)))
    facts.append(("Ranks before", ", ".join(_silenced(name) for name in rule.precedes)))
    facts.append(("Weakens", ", ".join(_silenced(name) for name in rule.undermines)))
    facts.append(("Told apart by", "; ".join(rule.separated_by)))
    facts.append(("Confirmed by a probe", ", ".join(f"`{name}`" for name in rule.confirmed_by)))
    facts.append(("Refuted by its silence", ", ".join(f"`{name}`" for name in rule.cleared_by)))
    return "\n".join(f"- **{word}:** {text}" for word, text in facts if text)


def _roles(entries: Sequence[str]) -> str:
    return ", ".join(" or ".join(f"`{key}`" for key in entry.split("|")) for entry in entries)


def _silenced(name: str) -> str:
    stage = name.removeprefix("stage:")
    return f"the stage {stage}" if stage != name else f"`{name}`"


def _options(rule: type[BaseRule]) -> str:
    rows = [
        (f"`{o.name.replace('_', '-')}`", f"`{json.dumps(o.default)}`", o.meaning, o.source)
        for o in options(rule)
    ]
    if not rows:
        return ""
    head = f"## Options\n\nSet in `[tool.advisor.rules.{_key(rule.name)}]`."
    return f"{head}\n\n{_table(('option', 'default', 'meaning', 'where it comes from'), rows)}"


def _key(name: str) -> str:
    return f'"{name}"' if "/" in name else name


def _examples(rule: type[BaseRule]) -> str:
    shown: list[tuple[bool, str]] = []
    if issubclass(rule, Rule):
        shown = [(e.fires, "\n".join(_drawn(e))) for e in rule.examples()]
    elif issubclass(rule, StudyRule):
        shown = [(e.fires, "\n".join(_tabled(e))) for e in rule.examples()]
    legend = LEGEND if issubclass(rule, Rule) else SCORES
    if not shown:
        return ""
    parts = ["## Examples", legend]
    for heading, fires in (("It fires on", True), ("It stays silent on", False)):
        parts.append(f"### {heading}")
        parts += [text for does, text in shown if does is fires]
    return "\n\n".join(parts)


def _tabled(example: StudyExample) -> Iterator[str]:
    """Write the runs of a study as a table: their settings, and how good they got."""
    runs = example.study.runs
    paths = tuple(dict.fromkeys(path for run in runs for path in run.config))
    yield f"{example.title[:1].upper()}{example.title[1:]}:\n"
    rows = [
        (run.name, *(_setting(run, path) for path in paths), _score(run)) for run in runs[:ROWS]
    ]
    yield _table(("run", *paths, "score"), rows)
    if len(runs) > ROWS:
        yield f"\nand {len(runs) - ROWS} more runs"


def _setting(run: RunSummary, path: str) -> str:
    return str(run.config[path].value) if path in run.config else ""


def _score(run: RunSummary) -> str:
    return f"{run.reached.best:.4g}" if run.reached else ""


def _drawn(example: Example) -> Iterator[str]:
    yield f"{example.title[:1].upper()}{example.title[1:]}:\n"
    yield "```text"
    width = max((len(tag) for tag in example.run.series), default=0)
    for tag, series in example.run.series.items():
        curve = sparkline(reduce(series, DRAWN), WIDTH)
        yield f"{tag:{width}}  {curve}".rstrip()
    for path, entry in example.run.config.items():
        yield f"{path} = {json.dumps(entry.value)}"
    yield "```"


def _measured(rule: type[BaseRule], measurement: Measurement | None) -> str:
    head = "## Measured accuracy"
    if measurement is None:
        return f"{head}\n\n{NOT_MEASURED.capitalize()}."
    unproven = why_quieter(rule.severity, measurement)
    table = _table(("what", "trainings"), measured_rows(measurement))
    said = (head, unproven.text if unproven else "", table, INTERVALS, _also(measurement.also))
    return "\n\n".join(part for part in said if part)


def _also(causes: Sequence[OtherCause]) -> str:
    """Write what else it was where the rule led."""
    if not causes:
        return ""
    rows = [(c.text, f"`{c.rule}`", f"{c.part} of {c.of}, {c.share:.0%}") for c in causes]
    table = _table(("what else was wrong", "rule", "trainings"), rows)
    return (
        "Where it led the first diagnosis of a training with a planted fault, that was not "
        f"always what the rule says:\n\n{table}"
    )


def _confidence(rule: type[BaseRule]) -> str:
    return f"## What the rule's own confidence rests on\n\n{rule.basis[:1].upper()}{rule.basis[1:]}"


def _references(citations: Iterable[Citation]) -> str:
    return "## References\n\n" + "\n".join(_reference(citation) for citation in citations)


def _reference(citation: Citation) -> str:
    url = safe_url(citation.url)
    source = f"[{citation.source}]({url})" if url else citation.source
    return f"- {source}: {citation.supports}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    write(FOLDER, builtin_pages())
