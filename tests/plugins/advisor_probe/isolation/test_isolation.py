"""Programs that misbehave: each costs its own probe, within its limits, and says why."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor_probe.isolation import Ending, How, Job, Limits, Server, watch
from advisor_probe.isolation.memory import megabytes, session
from tests.plugins.advisor_probe.writing import program

pytestmark = pytest.mark.needs("torch")

Try = Callable[..., Ending]
PATIENCE = 30.0
"""Seconds beyond every limit in these tests: whatever takes longer hangs."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def attempt(server: Server, tmp_path: Path) -> Try:
    """Probe a program whose function ``made`` has the given body."""

    def attempted(body: str, hear: Any = lambda _: None, **limits: Any) -> Ending:
        text = "\n    ".join(["def made():", *body.splitlines()])
        job = Job(target=program(tmp_path, text), probe="one-step", device="cpu")
        began = time.monotonic()
        ending = watch(server.start(job), Limits(**{"seconds": 60.0, "grace": 0.5, **limits}), hear)
        assert time.monotonic() - began < limits.get("seconds", 60.0) + PATIENCE
        return ending

    return attempted


def test_a_program_in_order_reports_what_was_measured(attempt: Try) -> None:
    heard: list[dict[str, Any]] = []
    assert attempt("return target()", heard.append).how is How.DONE
    assert heard[0]["kind"] == "loaded"
    points = {message["tag"]: message["value"] for message in heard if message["kind"] == "point"}
    assert points["one-step/finite"] == 1.0
    assert points["one-step/parameters"] == 8 * 16 + 16 + 16 * 4 + 4


def test_what_the_user_raises_comes_with_the_users_own_traceback(attempt: Try) -> None:
    ending = attempt("def net(): raise ValueError('no such width')\nreturn target(model=net)")
    assert ending.how is How.ERROR
    assert "ValueError: no such width (program.py, line " in ending.text
    assert "in net" in ending.trace
    assert "advisor_probe" not in ending.trace.replace("from advisor_probe", "")


@pytest.mark.parametrize(
    ("body", "how", "text"),
    [
        ("raise SystemExit(3)", How.EXIT, "sys.exit(3)"),
        ("import os; os._exit(7)", How.EXIT, "exit code 7"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", How.CRASH, "SIGSEGV"),
        ("return 5", How.TARGET, "gives a int"),
        ("return target(loss=lambda m, b: 1.0)", How.TARGET, "returned a float"),
        ("return target(loss=lambda m, b: m(b[0]))", How.TARGET, "of shape (16, 4)"),
        ("return target(model=lambda: 'net')", How.TARGET, "returned a str"),
        ("return target(optimizer=lambda m: 0.1)", How.TARGET, "returned a float"),
        ("return target(train=[])", How.TARGET, "train holds no batch"),
        ("return target(train=lambda: 5)", How.TARGET, "train is a int"),
        ("raise MemoryError", How.MEMORY, "MemoryError"),
        ("torch.empty(1 << 50)", How.MEMORY, "can't allocate memory"),
    ],
)
def test_each_way_to_fail_is_told_apart(attempt: Try, body: str, how: How, text: str) -> None:
    ending = attempt(body)
    assert ending.how is how
    assert text in ending.text


@pytest.mark.parametrize(
    "body",
    [
        "import time; time.sleep(600)",
        "while True: pass",
        "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)",
        "import time\ntry: time.sleep(600)\nfinally: time.sleep(600)",
        "while True: print('x' * 100_000)",
    ],
)
def test_what_hangs_is_ended_at_its_limit(attempt: Try, body: str) -> None:
    ending = attempt(body, seconds=1.0)
    assert ending.how is How.TIME
    assert ending.text == "not done after 1 s"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="memory is counted where there is /proc")
def test_what_eats_memory_is_ended_at_its_limit(attempt: Try) -> None:
    ending = attempt("held = []\nwhile True: held.append(bytearray(1 << 24))", megabytes=900)
    assert ending.how is How.MEMORY
    assert "900 MB" in ending.text


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="memory is counted where there is /proc")
def test_what_its_own_children_eat_counts_as_well(attempt: Try) -> None:
    body = "import os\nif os.fork():\n    os.wait()\nheld = []\n"
    ending = attempt(body + "while True: held.append(bytearray(1 << 24))", megabytes=900)
    assert ending.how is How.MEMORY


def test_a_flood_of_output_is_cut_and_the_probe_runs_on(attempt: Try) -> None:
    ending = attempt("print('x' * 5_000_000)\nreturn target()", output=1000)
    assert ending.how is How.DONE
    assert ending.output == "x" * 1000


def test_writing_to_the_private_channel_breaks_nothing(attempt: Try) -> None:
    body = "import os\nfor n in range(3, 9):\n    try: os.write(n, b'{}\\n[1]\\nxx\\n')\n"
    ending = attempt(body + "    except OSError: pass\nreturn target()")
    assert ending.how in (How.DONE, How.CRASH)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found where there is /proc")
def test_processes_that_are_left_behind_are_ended(attempt: Try, tmp_path: Path) -> None:
    body = (
        "import subprocess, os\n"
        "left = [subprocess.Popen(['sleep', '600']) for _ in range(2)]\n"
        "left.append(subprocess.Popen(['sleep', '600'], preexec_fn=os.setpgrp))\n"
        "left.append(subprocess.Popen(['sleep', '600'], start_new_session=True))\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(' '.join(str(p.pid) for p in left))\n"
        "return target()"
    )
    assert attempt(body).how is How.DONE
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 4
    assert not [pid for pid in pids if _runs(pid)]


def _runs(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_workers_of_a_loader_work_and_end_with_the_probe(attempt: Try) -> None:
    body = (
        "data_ = torch.utils.data.TensorDataset(*data())\n"
        "return target(train=torch.utils.data.DataLoader(data_, 16, num_workers=1))"
    )
    assert attempt(body).how is How.DONE


def test_a_warm_start_takes_a_twentieth_of_a_cold_one() -> None:
    """A start lasts until the child's first word: that of an empty job is its last, too."""
    spent = []
    began = time.monotonic()
    with Server() as fresh:
        for _ in range(4):
            watch(fresh.start(Job(probe="none", target="os:nothing")), Limits(), lambda _: None)
            spent.append(time.monotonic() - began)
            began = time.monotonic()
    assert min(spent[1:]) < spent[0] / 20


def test_this_process_is_counted_in_its_own_session() -> None:
    leader = os.getsid(0)
    if Path("/proc").is_dir():
        assert os.getpid() in set(session(leader)) or leader == 0
        assert megabytes(os.getpid()) >= 0
