"""Ask the other tools about the development split, and keep what they say.

    python -m benchmarks.diagnosis.peers

Asks about the logs that advisor was asked about last, and prints the part of the accuracy page
that follows; `make bench-diagnosis` writes it there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.diagnosis.cases import read
from benchmarks.diagnosis.judge import read_rows, write_rows
from benchmarks.diagnosis.peers.ask import ask
from benchmarks.diagnosis.peers.beside import beside, kept
from benchmarks.diagnosis.peers.section import section
from benchmarks.diagnosis.stored import FOLDER


def main() -> int:
    """Ask, keep and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where trainings are kept")
    folder: Path = parser.parse_args().folder
    cases = [read(row) for row in read_rows(folder / "rows-development.jsonl")]
    write_rows(kept(folder), ask(cases, folder))
    print(section(beside(cases, folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
