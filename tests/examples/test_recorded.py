"""The recorded examples: complete, small, free of the machine they were made on, and as named."""

import csv
import math
import re
import socket
from itertools import chain
from pathlib import Path

import pytest

RECORDED = Path(__file__).parents[2] / "examples" / "recorded"
README = RECORDED.parent / "README.md"
MACHINE = re.compile(rb"/(?:work|root|tmp|home|Users|mnt|opt|var)/|[A-Z]:\\")
TEXT = re.compile(rb"[\x20-\x7e]{6,}")  # shorter runs turn up in checksums and times by chance
EVENT_FILE = re.compile(r"events\.out\.tfevents\.\d+\.example(?:\.\d+\.\d+)?")
VALIDATION_LOSS = re.compile(r"(?:val|eval)\w*[/_]loss|loss/val\w*", re.IGNORECASE)

with (RECORDED / "manifest.csv").open(newline="") as manifest:
    ROWS = list(csv.DictReader(manifest))
FILES = sorted(path for path in RECORDED.rglob("*") if path.is_file())
HEALTHY = [row["run"] for row in ROWS if row["condition"] == "healthy"]


def validation_losses(run: str) -> list[float]:
    """Return the validation losses of a run in the order in which its files hold them."""
    folder = RECORDED / run
    tables = map(_from_table, sorted(folder.rglob("*.csv")))
    events = map(_from_events, sorted(folder.rglob("events.*")))
    return list(chain(*tables, *events))


def _from_table(path: Path) -> list[float]:
    with path.open(newline="") as file:
        cells = [cell for row in csv.DictReader(file) for cell in row.items()]
    return [float(value) for name, value in cells if value and VALIDATION_LOSS.fullmatch(name)]


def _from_events(path: Path) -> list[float]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(path), size_guidance={"scalars": 0}).Reload()
    tags = [tag for tag in events.Tags()["scalars"] if VALIDATION_LOSS.fullmatch(tag)]
    return [point.value for tag in tags for point in events.Scalars(tag)]


def test_every_run_of_the_manifest_has_a_folder_and_every_folder_a_row() -> None:
    folders = sorted(path.name for path in RECORDED.iterdir() if path.is_dir())
    assert sorted(row["run"] for row in ROWS) == folders


def test_every_run_has_its_row_in_the_readme_with_its_logger() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    for row in ROWS:
        (line,) = [line for line in lines if line.startswith(f"| `{row['run']}` |")]
        assert row["logger"] in line


def test_at_least_seven_runs_are_healthy_and_as_many_are_not() -> None:
    assert len(HEALTHY) >= 7
    assert len(ROWS) - len(HEALTHY) >= 7


def test_all_recordings_together_are_small() -> None:
    assert sum(path.stat().st_size for path in FILES) < 3_000_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name + "/" + path.name)
def test_a_recorded_file_says_nothing_of_the_machine_it_was_made_on(path: Path) -> None:
    text = b"\n".join(TEXT.findall(path.read_bytes()))
    host = re.escape(socket.gethostname().encode())
    assert MACHINE.search(text) is None
    assert re.search(rb"\b" + host + rb"\b", text) is None
    if "tfevents" in path.name:
        assert EVENT_FILE.fullmatch(path.name)


@pytest.mark.needs("tensorboard")
@pytest.mark.parametrize("run", HEALTHY)
def test_a_healthy_run_ends_near_its_best_validation_loss_and_no_longer_falls(run: str) -> None:
    losses = validation_losses(run)
    quarter = losses[-len(losses) // 4 :]
    fallen = losses[0] - losses[-1]
    assert losses[-1] <= 1.02 * min(losses)
    assert quarter[0] - quarter[-1] < 0.05 * fallen


@pytest.mark.needs("tensorboard")
def test_the_validation_losses_of_the_faulty_runs_show_their_fault() -> None:
    ends = {row["run"]: validation_losses(row["run"]) for row in ROWS if row["run"] not in HEALTHY}
    assert math.isnan(ends["diabetes-linear-nan"][-1])
    assert min(ends["digits-mlp-diverged"][-10:]) > 5 * min(ends["digits-mlp-diverged"])
    assert min(ends["digits-mlp-overfit"][-10:]) > 1.5 * min(ends["digits-mlp-overfit"])
    assert 1.1 < min(ends["diabetes-past-best"][-10:]) / min(ends["diabetes-past-best"]) < 1.2
    assert ends["wine-no-validation"] == []
    assert ends["digits-cnn-stopped-early"][-1] < 0.9 * ends["digits-cnn-stopped-early"][-3]
    assert ends["digits-mlp-lr-too-low"][-1] > 0.9 * ends["digits-mlp-lr-too-low"][0]
    assert len(ends["iris-four-rows"]) == 4
