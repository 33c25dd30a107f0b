"""Checks of what a rule says about itself: name, page, options, texts, sources."""

from __future__ import annotations

import inspect
import json
import string
from collections.abc import Iterator
from pathlib import Path

from advisor.declared import NAME
from advisor.finding import Finding, Severity
from advisor.page import SECTIONS, options, page
from advisor.rule import ADVICE_PARTS, BaseRule, Nature, Rule, Stage
from advisor.testing.awkward import role
from advisor.testing.checks import Check, broken, promise
from advisor.view import OBJECTIVE

PARTS = (*ADVICE_PARTS, "cost")
"""What a text of a rule may be; variants follow a dot."""

KINDS = frozenset(
    {
        "number",
        "percent",
        "step",
        "rate",
        "name",
        "names",
        "text",
        "sentence",
        "clause",
        "count",
    }
)
"""The kinds of fields that a template may hold (see ``advisor.text``)."""


def page_checks() -> Iterator[Check[type[BaseRule]]]:
    """Yield the checks that hold for every rule, on one run or across runs."""
    yield check_name_is_kebab_case
    yield check_file_is_named_after_the_rule
    yield check_docstring_has_every_section
    yield check_options_are_explained
    yield check_options_survive_json
    yield check_texts_are_complete
    yield check_citations_say_what_they_support
    yield check_declarations_fit_together


TITLE, OBSERVED = 70, 60
"""The longest title and the longest remark that the lists of a report have room for."""


def promise_short(finding: Finding, place: str) -> None:
    """Raise ``Broken`` if title or remark of a finding are too long for lists."""
    title, observed = finding.advice.title.text, finding.advice.observed.text
    promise(len(title) <= TITLE, f"{place}: title over {TITLE} characters: {title}")
    promise(len(observed) <= OBSERVED, f"{place}: observed over {OBSERVED}: {observed}")


def check_name_is_kebab_case(rule: type[BaseRule]) -> None:
    """Check that the name is kebab-case, with one topic before a slash at most."""
    promise(NAME.fullmatch(rule.name) is not None, f"{rule.name!r} is no kebab-case name")


def check_file_is_named_after_the_rule(rule: type[BaseRule]) -> None:
    """Check that a rule without a topic stands in a file of its name; others may share a file."""
    if "/" in rule.name:
        return
    file = Path(inspect.getfile(rule)).stem
    wanted = rule.name.replace("-", "_")
    promise(file == wanted, f"stands in {file}.py, not in {wanted}.py; or give it a topic")


def check_docstring_has_every_section(rule: type[BaseRule]) -> None:
    """Check that the docstring has a summary sentence and all sections, in order, none empty."""
    found = page(rule)
    promise(found.summary.endswith("."), "the docstring does not start with a sentence")
    headings = tuple(heading for heading, _ in found.sections)
    promise(headings == SECTIONS, f"the sections are {headings}, not {SECTIONS}")
    empty = [heading for heading, text in found.sections if not text]
    promise(not empty, f"nothing stands under {empty}")


def check_options_are_explained(rule: type[BaseRule]) -> None:
    """Check that every option says what it means, and where its default comes from."""
    for option in options(rule):
        promise(bool(option.meaning.strip()), f"the option {option.name} has no description")
        promise(bool(option.source.strip()), f"the option {option.name} has no source")


def check_options_survive_json(rule: type[BaseRule]) -> None:
    """Check that the defaults are valid, plain JSON, and the same after a trip through it."""
    made = rule()
    written = made.model_dump_json()
    promise(rule(**json.loads(written)) == made, f"the options change in JSON: {written}")
    rule.model_json_schema()


def check_texts_are_complete(rule: type[BaseRule]) -> None:
    """Check that every part of the advice has a template, and no template is for nothing."""
    missing = [part for part in ADVICE_PARTS if part not in rule.texts]
    promise(not missing, f"texts lacks {missing}")
    for key, template in rule.texts.items():
        promise(key.partition(".")[0] in PARTS, f"texts[{key!r}] is no part of the advice: {PARTS}")
        _check_template(key, template)


def _check_template(key: str, template: str) -> None:
    promise(bool(template.strip()), f"texts[{key!r}] is empty")
    for _, name, spec, _ in string.Formatter().parse(template):
        if name is not None:
            kind = (spec or "").partition(" ")[0]
            promise(name.isidentifier(), f"texts[{key!r}]: {name!r} is no name of a parameter")
            promise(kind in KINDS, f"texts[{key!r}]: the field {name} has the kind {kind!r}")


def check_citations_say_what_they_support(rule: type[BaseRule]) -> None:
    """Check that at least one source, each with what it supports."""
    promise(bool(rule.citations), "citations is empty: name where the advice comes from")
    for citation in rule.citations:
        promise(bool(citation.source.strip()), "a citation has no source")
        promise(bool(citation.supports.strip()), f"{citation.source}: supports is empty")
    promise(bool(rule.basis.strip()), "basis is empty: say what the confidence rests on")


def check_declarations_fit_together(rule: type[BaseRule]) -> None:
    """Check that severity, nature, symptoms, roles and silences are such as the engine knows."""
    option = rule.nature is Nature.OPTION and rule.severity is not Severity.NOTE
    promise(not option, f"an option is a note, not {rule.severity.value}")
    promise(bool(rule.symptoms) and all(map(str.strip, rule.symptoms)), "symptoms is empty")
    stages = {f"stage:{stage.value}" for stage in Stage}
    for named in (*rule.silences, *rule.precedes, *rule.undermines):
        known = named in stages or NAME.fullmatch(named) is not None
        promise(
            known, f"silences, precedes, undermines: {named!r} is neither a rule nor stage:NAME"
        )
    promise(0 <= rule.doubt < 1, f"doubt is {rule.doubt}, not a share from 0 up to 1")
    if issubclass(rule, Rule):
        for entry in (*rule.requires, *rule.uses):
            _check_role(entry)


def _check_role(entry: str) -> None:
    for key in entry.split("|"):
        try:
            known = key == OBJECTIVE or role(key).key == key
        except ValueError:
            known = False
        if not known:
            broken(f"requires or uses: {key!r} is no role, such as train/loss, lr or objective")
