"""Limits on code that is not ours: plugins must cost only themselves."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from advisor.language import kept
from advisor.text import told


class OutOfTime(BaseException):
    """A time limit was passed. No ``Exception``, so that code under the limit cannot swallow it."""


OUT_OF_TIME = kept("not finished after {seconds:number} s ({file:given}, line {line:step})")
"""How ``describe`` says it, of code that is to blame."""

FAULTS = (Exception, OutOfTime, SystemExit)
"""What code that is not ours may raise, and costs only itself. Ctrl-C passes."""


class TimeLimit:
    """A limit of ``seconds`` on each of many blocks, one after the other.

    One alarm serves many blocks: it is set when there is none, and set again for the rest of
    the time when it goes off in a block that began later. To set one for each block would cost
    more than most rules do. A block that takes the alarm for itself frees those behind it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline = math.inf
        self._set = False

    def __enter__(self) -> None:
        self._deadline = time.monotonic() + self._seconds
        if not self._set:
            self._alarm_in(self._seconds)

    def __exit__(self, *_raised: object) -> None:
        self._deadline = math.inf

    def alarmed(self, _number: int, _frame: FrameType | None) -> None:
        """End the block that is under the limit, if there is one and its time is over."""
        self._set = False
        if self._deadline == math.inf:
            return
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime(told("not finished after {seconds:number} s", seconds=self._seconds))
        self._alarm_in(left)

    def _alarm_in(self, seconds: float) -> None:
        self._set = True
        signal.setitimer(signal.ITIMER_REAL, seconds)


@contextmanager
def time_limits(seconds: float) -> Iterator[AbstractContextManager[None]]:
    """Yield a limit to enter again and again: each block has ``seconds``, else ``OutOfTime``.

    Works in the main thread where the system has interval timers. Elsewhere it does nothing;
    worker processes are ended by their parent in any case. Infinite ``seconds`` are no limit.
    """
    if seconds == math.inf or not _possible():
        yield nullcontext()
        return
    limit = TimeLimit(seconds)
    before = signal.signal(signal.SIGALRM, limit.alarmed)
    try:
        yield limit
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``OutOfTime`` in the block once ``seconds`` have passed, as ``time_limits`` does."""
    with time_limits(seconds) as limit, limit:
        yield


def _possible() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def limit_memory(megabytes: int | None) -> None:
    """Limit this process's address space, where the system can; ``None`` means no limit."""
    try:
        import resource
    except ImportError:
        return
    if megabytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def describe(error: BaseException) -> str:
    """Say an exception in one line: its type, its text, and the file and line to blame for it."""
    place = _place(error)
    if isinstance(error, OutOfTime):
        return f"{error}{place}"
    text = " ".join(_text(error).split())[:300]
    return f"{type(error).__name__}{': ' if text else ''}{text}{place}"


def _text(error: BaseException) -> str:
    """Return what an error says; of a file its name only, for reports hold no absolute path."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.strerror}: {Path(os.fsdecode(error.filename)).name}"
    return str(error)


_NOT_TO_BLAME = sys.stdlib_module_names | {"advisor", "numpy", "pluggy", "pydantic"}
"""Packages that raise what their caller did wrong."""


def _place(error: BaseException) -> str:
    """Return the innermost line of code that is to blame; nothing if there is none."""
    frames = [
        f" ({Path(frame.f_code.co_filename).name}, line {line})"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__", "").partition(".")[0] not in _NOT_TO_BLAME
    ]
    return frames[-1] if frames else ""
