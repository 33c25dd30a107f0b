"""The findings on the example runs change only where somebody looks at the change."""

from __future__ import annotations

import difflib

from tests.golden.findings import COMMAND, FILE, text


def test_the_findings_on_the_example_runs_are_those_that_were_read() -> None:
    before, now = FILE.read_text(encoding="utf-8"), text()
    diff = difflib.unified_diff(before.splitlines(), now.splitlines(), "before", "now", n=1)
    assert now == before, f"if this is meant, run `{COMMAND}`:\n" + "\n".join(diff)
