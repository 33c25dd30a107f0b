"""Measure the page: `python -m benchmarks.page`, beside another one with `--beside FOLDER`.

The folder (or the variable ADVISOR_PROTOTYPE) holds the other pages by their number of findings:
`12.html`, `200.html`, `1000.html`. They are opened in turns with ours.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from advisor_html import HtmlRenderer
from benchmarks.page.browser import Times, started, times
from benchmarks.page.many import study
from benchmarks.page.reports import grown, recorded

SIZES = (12, 200, 1_000)
ROUNDS = 5
RUNS = 2_000


def main() -> None:
    """Print a table of the pages, and what a study of many runs costs."""
    parser = argparse.ArgumentParser(prog="benchmarks.page", description=__doc__)
    parser.add_argument("--beside", type=Path, default=os.environ.get("ADVISOR_PROTOTYPE"))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="openings of each page")
    parser.add_argument("--runs", type=int, default=RUNS, help="of the large study; 0: none")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours = dict(_written(Path(folder)))
        beside = {
            (size, "the other"): page
            for size in SIZES
            if given.beside and (page := Path(given.beside, f"{size}.html")).exists()
        }
        _print_pages(dict(sorted((ours | beside).items())), given.rounds)
        if given.runs:
            print(f"\n{study(Path(folder, 'study'), given.runs)}")


def _written(folder: Path) -> Iterator[tuple[tuple[int, str], Path]]:
    base = recorded()
    for size in SIZES:
        path = folder / f"{size}.html"
        path.write_text(HtmlRenderer().render(grown(base, size)), encoding="utf-8")
        yield (size, "advisor"), path


def _print_pages(pages: Mapping[tuple[int, str], Path], rounds: int) -> None:
    print(f"| findings | page | KB | parsed, ms | all drawn, ms | click, ms |\n{'|---' * 6}|")
    found: dict[tuple[int, str], list[Times]] = {key: [] for key in pages}
    with started() as browser:
        for _ in range(rounds):
            for key, page in pages.items():
                found[key].append(times(browser, page))
    for (size, whose), measured in found.items():
        kilobytes = pages[size, whose].stat().st_size / 1e3
        shown = " | ".join(_spread(column) for column in zip(*measured, strict=True))
        print(f"| {size:,} | {whose} | {kilobytes:,.0f} | {shown} |")


def _spread(values: tuple[float, ...]) -> str:
    return f"{median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


if __name__ == "__main__":
    main()
