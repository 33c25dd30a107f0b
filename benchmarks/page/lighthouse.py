"""Lighthouse on the page of the example runs: `python -m benchmarks.page.lighthouse`.

The page is served from this machine, compressed as web servers do, and opened as a phone and as a
desktop does. Ends with 1 if a median is below ``LEAST``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from advisor_html import HtmlRenderer
from benchmarks.page.browser import NAMES
from benchmarks.page.reports import recorded

TOOL = Path(__file__).parents[2] / ".env-lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices")
DEVICES = {"mobile": (), "desktop": ("--preset=desktop",)}
ROUNDS = 5
LEAST = 98
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"

Scores = dict[str, float]


class Quiet(SimpleHTTPRequestHandler):
    """Serves compressed files, and says nothing of it."""

    def end_headers(self) -> None:
        """Say how the file is compressed."""
        self.send_header("Content-Encoding", "gzip")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        """Say nothing."""


def main() -> int:
    """Print the medians of each device, and what costs points."""
    parser = argparse.ArgumentParser(prog="benchmarks.page.lighthouse", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="openings on each device")
    rounds = parser.parse_args().rounds
    print(f"| device | {' | '.join(CATEGORIES)} |\n{'|---' * (len(CATEGORIES) + 1)}|")
    lowest, lost = 100.0, set[str]()
    with _served(HtmlRenderer().render(recorded())) as address:
        for device, options in DEVICES.items():
            found = [_asked(address, options) for _ in range(rounds)]
            columns = {name: [scores[name] for scores, _ in found] for name in CATEGORIES}
            print(f"| {device} | {' | '.join(map(_spread, columns.values()))} |", flush=True)
            lowest = min(lowest, *map(median, columns.values()))
            lost |= {f"{device}: {why}" for _, reasons in found for why in reasons}
    print("\n".join(sorted(lost)))
    return int(lowest < LEAST)


def _spread(scores: list[float]) -> str:
    return f"{median(scores):.0f} ({min(scores):.0f} to {max(scores):.0f})"


@contextmanager
def _served(page: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "report.html").write_bytes(gzip.compress(page.encode()))
        handler = partial(Quiet, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}/report.html"
            server.shutdown()


def _asked(address: str, options: tuple[str, ...]) -> tuple[Scores, list[str]]:
    """Return the scores of one opening, from 0 to 100, and the checks that lost points."""
    browser = next((path for name in NAMES if (path := shutil.which(name))), "")
    only = f"--only-categories={','.join(CATEGORIES)}"
    command = [str(TOOL), address, "--output=json", "--quiet", only, f"--chrome-flags={FLAGS}"]
    told = {**os.environ, "CHROME_PATH": browser}
    said = subprocess.run([*command, *options], env=told, check=True, capture_output=True).stdout
    result = json.loads(said)
    scores = {name: 100 * result["categories"][name]["score"] for name in CATEGORIES}
    weights = {
        audit["id"]: audit["weight"]
        for name in CATEGORIES
        for audit in result["categories"][name]["auditRefs"]
    }
    lost = [
        f"{name} {audit['score']:.2f} {audit.get('displayValue', '')}".strip()
        for name, audit in result["audits"].items()
        if weights.get(name) and audit["score"] is not None and audit["score"] < 1
    ]
    return scores, lost


if __name__ == "__main__":
    sys.exit(main())
