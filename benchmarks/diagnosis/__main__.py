"""Train, ask advisor, and write down how often it was right.

    make bench-diagnosis                          the development split: an hour or two on two cores
    make bench-diagnosis ARGS='--quick 200'       as many cells as come to 200 trainings
    make bench-diagnosis ARGS=--score-only        ask anew about the trainings that are stored
    make bench-diagnosis-heldout                  the held-out split: rows more in heldout.csv

Trainings are kept in the folder and not trained again; what advisor says is always asked anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.diagnosis import pages, publish
from benchmarks.diagnosis.cases import read
from benchmarks.diagnosis.heldout import append, last_look, spent
from benchmarks.diagnosis.judge import Row, rows, sweep_rows, write_rows
from benchmarks.diagnosis.page import page
from benchmarks.diagnosis.peers.ask import ask
from benchmarks.diagnosis.peers.beside import beside, kept
from benchmarks.diagnosis.plan import SPLITS, also_trained, cells, possible, quick
from benchmarks.diagnosis.score import score
from benchmarks.diagnosis.stored import FOLDER, all_sweeps, complete, logs, train_all, trained
from benchmarks.diagnosis.sweep_score import sweep_counts, sweep_score

RESULTS = Path(__file__).with_name("results")


def main() -> int:
    """Train, ask, score and write."""
    given = _arguments()
    if _looks(given) and (reason := spent()):
        sys.exit(reason)
    plan = quick(possible(given.split), given.quick) if given.quick else cells(given.split)
    if not given.score_only:
        train_all(plan, given.folder, given.jobs)
    if given.train_only:
        return 0
    whole, plan = plan, complete(plan, given.folder)
    found = list(rows(logs(given.split, given.folder, plan), given.jobs))
    write_rows(given.folder / f"rows-{given.split}.jsonl", found)
    if given.peers and _published(given):
        write_rows(kept(given.folder), ask(map(read, found), given.folder, given.jobs))
    made = {
        "trainings": len({setup for cell in plan for setup in cell.needed}),
        "also_trained": also_trained(whole, plan),
    }
    _write(found, _across(given), made, given)
    return 0


def _across(given: argparse.Namespace) -> list[Row]:
    """Ask about sweeps, of which a quick plan has too little."""
    if given.quick:
        return []
    asked = all_sweeps(given.split, given.folder)
    found = list(sweep_rows(asked, given.folder / "sweeps", partial(trained, store=given.folder)))
    write_rows(given.folder / f"sweeps-{given.split}.jsonl", found)
    return found


def _write(
    found: list[Row], across: list[Row], made: dict[str, Any], given: argparse.Namespace
) -> None:
    cases = [read(row) for row in found]
    result = made | score(cases, given.split)
    result |= sweep_counts(across) | {"rules": result["rules"] | sweep_score(across)}
    if _published(given):
        result["peers"] = beside(cases, given.folder)
    target = RESULTS if _published(given) else given.folder
    target.mkdir(exist_ok=True)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (target / f"{given.split}.json").write_text(f"{text}\n")
    if _looks(given):
        append(result)
    written = pages.PAGE if _published(given) else given.folder / f"accuracy-{given.split}.md"
    if _published(given):
        pages.write(result)
        publish.write(result)
    else:
        written.write_text(page(result, last_look()))
    print(f"{written} says how often advisor was right")


def _published(given: argparse.Namespace) -> bool:
    """Tell whether the result is the one on the accuracy page."""
    return given.split == "development" and not given.quick


def _looks(given: argparse.Namespace) -> bool:
    """Tell whether this is a look at the held-out split."""
    return given.split == "heldout" and not given.quick and not given.train_only


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", type=int, default=0, help="about this many trainings only")
    parser.add_argument("--split", choices=SPLITS, default="development")
    parser.add_argument("--jobs", type=int, default=2, help="processes that train and ask")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where trainings are kept")
    parser.add_argument("--train-only", action="store_true", help="do not ask yet")
    parser.add_argument("--score-only", action="store_true", help="do not train any more")
    parser.add_argument("--peers", action="store_true", help="ask the other tools anew")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
