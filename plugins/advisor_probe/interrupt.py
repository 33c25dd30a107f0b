"""Ctrl-C that cannot get lost."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Self


class Interrupts:
    """Remembers that Ctrl-C was pressed; a context manager, and the handler meanwhile.

    Ctrl-C raises ``KeyboardInterrupt`` as ever. Where that is raised inside an ``isinstance`` of
    pydantic-core it is swallowed and the program goes on: ``check`` raises it again.
    Outside the main thread no handler can be set, and ``check`` does nothing.
    """

    def __init__(self) -> None:
        self._pressed = False
        self._mine = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Self:
        if self._mine and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._mine and signal.getsignal(signal.SIGINT) == self._press:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def check(self) -> None:
        """Raise ``KeyboardInterrupt`` if Ctrl-C was pressed."""
        if self._pressed:
            raise KeyboardInterrupt

    def _press(self, _number: int, _frame: FrameType | None) -> None:
        self._pressed = True
        raise KeyboardInterrupt
