"""What the page on probes says of them is what they declare."""

from __future__ import annotations

from pathlib import Path

from advisor_probe.catalogue import PROBES

PAGE = Path(__file__).parents[3] / "docs" / "probe.md"


def test_the_page_lists_every_probe_with_its_cost() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = [f"| `{probe.name}` | {probe.steps:,} | {probe.summary} |" for probe in PROBES]
    assert [row for row in rows if row not in text] == []


def test_the_probes_are_as_many_rows_as_the_table_has() -> None:
    table = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    assert len(table) == len(PROBES)
