from __future__ import annotations

import contextlib
import json
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from advisor.limits import OutOfTime, describe, time_limit, time_limits


def test_what_takes_too_long_is_ended() -> None:
    begun = time.monotonic()
    with pytest.raises(OutOfTime, match=r"not finished after 0\.05 s"), time_limit(0.05):
        time.sleep(10)
    assert time.monotonic() - begun < 5


def test_what_is_in_time_leaves_no_timer_and_no_handler_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(5):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_each_block_of_many_has_the_whole_time() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limits(0.3) as limit:
        for _ in range(3):
            with limit:
                time.sleep(0.15)
        with pytest.raises(OutOfTime), limit:
            time.sleep(10)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_a_block_that_begins_late_has_the_whole_time_and_no_more() -> None:
    with time_limits(0.4) as limit:
        with limit:
            time.sleep(0.3)
        begun = time.monotonic()
        with pytest.raises(OutOfTime), limit:
            time.sleep(10)
    assert 0.4 <= time.monotonic() - begun < 5


def test_what_is_done_between_two_blocks_is_not_ended() -> None:
    with time_limits(0.05) as limit:
        with limit:
            pass
        time.sleep(0.15)
        with pytest.raises(OutOfTime), limit:
            time.sleep(10)


def test_the_limit_is_no_exception_that_code_swallows() -> None:
    with pytest.raises(OutOfTime), time_limit(0.05), contextlib.suppress(Exception):
        time.sleep(10)


def test_in_another_thread_there_is_no_limit() -> None:
    done = []

    def work() -> None:
        with time_limit(0.01):
            time.sleep(0.05)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def _described(error: Exception) -> str:
    with pytest.raises(type(error)) as caught:
        raise error
    return describe(caught.value)


def test_an_error_is_said_in_one_line_with_its_type_and_place() -> None:
    said = _described(ValueError("two\nlines"))
    assert said.startswith("ValueError: two lines (test_limits.py, line ")


def test_an_error_without_text_is_its_type_and_place() -> None:
    assert _described(KeyError()).startswith("KeyError (test_limits.py, line ")


def test_a_file_that_is_not_there_is_named_without_its_directory(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "gone.csv").read_text(encoding="utf-8")
    said = describe(caught.value)
    assert said.startswith("FileNotFoundError: No such file or directory: gone.csv")
    assert str(tmp_path) not in said


def test_an_endless_text_is_cut() -> None:
    assert len(_described(ValueError("x" * 10_000))) < 400


def test_a_library_that_raises_is_not_to_blame() -> None:
    with pytest.raises(ValueError, match="Expecting value") as caught:
        json.loads("[")
    assert "test_limits.py" in describe(caught.value)
    with pytest.raises(ValueError, match="empty") as caught:
        np.argmax(np.array([]))
    assert "test_limits.py" in describe(caught.value)
