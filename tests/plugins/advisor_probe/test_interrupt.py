"""Ctrl-C is remembered where a library swallows it, and the handler is put back."""

from __future__ import annotations

import signal
import threading

import pytest

from advisor_probe.interrupt import Interrupts


def test_a_swallowed_ctrl_c_is_raised_again() -> None:
    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()


def test_without_ctrl_c_nothing_is_raised() -> None:
    with Interrupts() as interrupts:
        interrupts.check()


def test_the_handler_is_as_found_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before


def test_a_handler_of_the_users_stays() -> None:
    def mine(_number: int, _frame: object) -> None: ...

    before = signal.signal(signal.SIGINT, mine)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGINT) is mine
        assert signal.getsignal(signal.SIGINT) is mine
    finally:
        signal.signal(signal.SIGINT, before)


def test_outside_the_main_thread_it_does_nothing() -> None:
    said: list[str] = []

    def work() -> None:
        with Interrupts() as interrupts:
            interrupts.check()
        said.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["done"]
