"""The page on telemetry notes agrees with the code: each kind, and who notes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from advisor.notes import NoteKind

ROOT = Path(__file__).parents[1]
LINES = [
    line for line in (ROOT / "docs/telemetry-notes.md").read_text().splitlines() if "|" in line
]
TABLE = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES]
READERS = {
    "CSV": "csv",
    "JSON lines": "jsonl",
    "TensorBoard": "tensorboard",
    "W&B": "wandb",
    "Hugging Face": "huggingface",
    "MLflow": "mlflow",
    "text log": "textlog",
}
SHARED = {
    "advisor.formats.configs": "advisor/formats/configs.py",
    "advisor.formats.tables.json_lines": "advisor/formats/tables/json_lines.py",
    "advisor.formats.tables.reading": "advisor/formats/tables/reading.py",
    "advisor.formats.tables.rounding": "advisor/formats/tables/rounding.py",
    "advisor.formats.tables.sparse": "advisor/formats/tables/sparse.py",
    "advisor.formats.trainer": "advisor/formats/trainer.py",
}
"""Modules of the core that note something for the readers that import them."""
OF_THE_ENGINE = {"linked", "growing"}


def kinds(text: str) -> set[str]:
    return {NoteKind[name].value for name in re.findall(r"NoteKind\.([A-Z_]+)", text)}


def noted(reader: str) -> set[str]:
    """What a reader notes: in its own code, or by a name that it imports from a shared module."""
    own = "".join(path.read_text() for path in (ROOT / f"plugins/advisor_{reader}").rglob("*.py"))
    found = kinds(own)
    for module, file in SHARED.items():
        for imported in re.findall(rf"from {re.escape(module)} import ([^\n]+)", own):
            found |= _kinds_of(ROOT / file, re.split(r"[, ()]+", imported))
    return found


def _kinds_of(file: Path, names: list[str]) -> set[str]:
    """What the functions and classes of these names note, and those that they call."""
    parts = re.split(r"\n(?=def |class |@)", file.read_text())
    bodies = {m[1]: part for part in parts if (m := re.search(r"(?:def|class) (\w+)", part))}
    found: set[str] = set()
    waiting, seen = list(names), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in bodies:
            continue
        seen.add(name)
        found |= kinds(bodies[name])
        waiting += re.findall(r"\b(\w+)\(", bodies[name])
    return found


def test_every_kind_has_a_row() -> None:
    rows = [row[0].strip("`") for row in TABLE[2:]]
    assert sorted(rows) == sorted(kind.value for kind in NoteKind)


@pytest.mark.parametrize("title", READERS)
def test_the_page_says_what_each_reader_notes(title: str) -> None:
    column = TABLE[0].index(title)
    told = {row[0].strip("`") for row in TABLE[2:] if row[column] != "–"}
    assert told - OF_THE_ENGINE == noted(READERS[title])
