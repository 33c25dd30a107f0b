"""advisor where torch is not installed: all but probing works, and probing says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.plugins.advisor_probe.writing import probe_samples, program

ROOT = Path(__file__).parents[3]
HEAVY = ("torch", "tensorboard", "functorch", "torchgen")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of packages with all that is installed here, but for torch."""
    folder = tmp_path_factory.mktemp("packages")
    for installed in Path(sysconfig.get_paths()["purelib"]).iterdir():
        if not installed.name.startswith(HEAVY):
            (folder / installed.name).symlink_to(installed)
    return folder


def advisor(packages: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in an interpreter that sees those packages only."""
    places = [ROOT, ROOT / "plugins", ROOT / "reports", packages]
    return subprocess.run(
        [sys.executable, "-S", "-m", "advisor", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_torch_is_missing_there(packages: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-S", "-c", "import torch"]
    found = subprocess.run(
        command, env={"PYTHONPATH": str(packages)}, cwd=tmp_path, capture_output=True, check=False
    )
    assert b"ModuleNotFoundError" in found.stderr


@pytest.mark.parametrize("more", [(), ("--plan",)])
def test_a_probe_says_what_to_install(
    packages: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    done = advisor(packages, "probe", program(tmp_path, "made = 1"), *more, folder=tmp_path)
    assert done.returncode == 2
    assert "pip install 'tuning-advisor[probe]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "advisor-probe").exists()


def test_logs_of_trainings_and_of_probes_are_judged(packages: Path, tmp_path: Path) -> None:
    probe_samples(tmp_path / "probes")
    recorded = ROOT / "examples" / "recorded" / "digits-mlp-diverged"
    for logs, code in ((recorded, 1), (tmp_path / "probes", 0)):
        done = advisor(packages, "run", str(logs), folder=tmp_path)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        assert "Checks:" in done.stdout


def test_the_rules_on_probes_are_listed(packages: Path, tmp_path: Path) -> None:
    done = advisor(packages, "rules", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "probe-lr-range" in done.stdout
