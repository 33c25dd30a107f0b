"""What the command line costs before it does anything, beside ``python -c 'import numpy'``.

    python benchmarks/startup.py

Prints the median CPU seconds (user and system, of the whole process) and the ratio.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

ROUNDS = 15
COMMANDS = {
    "import numpy": [sys.executable, "-c", "import numpy"],
    "advisor --help": [sys.executable, "-m", "advisor", "--help"],
    "the same in zh": [sys.executable, "-m", "advisor", "--language", "zh", "--help"],
    "import advisor": [sys.executable, "-c", "import advisor"],
    "advisor rules": [sys.executable, "-m", "advisor", "rules"],
}


def cpu(command: list[str]) -> float:
    """Return the CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Measure in turn, so that a busy machine slows all alike, and print a table."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            times[name].append(cpu(command))
    base = statistics.median(times["import numpy"])
    print(f"{'command':16} {'CPU s':>8} {'ratio':>8}")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:16} {median:8.3f} {median / base:8.2f}")


if __name__ == "__main__":
    main()
