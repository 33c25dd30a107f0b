"""Running checks, with pytest and without."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from advisor.testing import Broken, broken_promises, parametrize_rules
from advisor.testing.checks import Check, parametrize, promise
from tests.advisor.testing.bad_rules import Good


def check_is_even(number: int) -> None:
    promise(number % 2 == 0, f"{number} is odd")


def check_divides(number: int) -> None:
    _ = 1 / number


def checks(_number: int) -> Iterator[Check[int]]:
    yield check_is_even
    yield check_divides


def parameters(expected: Mapping[str, str]) -> list[Any]:
    def test(number: int, check: Check[int]) -> None:
        check(number)

    mark = parametrize("number", (3, 4), checks=checks, label=str, expected_failures=expected)
    return list(mark(test).pytestmark[0].args[1])


def test_each_subject_meets_each_check() -> None:
    ids = [parameter.id for parameter in parameters({})]
    assert ids == ["3-is_even", "3-divides", "4-is_even", "4-divides"]


def test_what_a_check_raises_is_its_result() -> None:
    assert broken_promises(0, checks(0)) == {"divides": "ZeroDivisionError: division by zero"}
    assert broken_promises(3, checks(3)) == {"is_even": "Broken: 3 is odd"}
    assert broken_promises(4, checks(4)) == {}


def test_a_broken_promise_is_an_assertion() -> None:
    with pytest.raises(AssertionError):
        check_is_even(1)
    assert issubclass(Broken, AssertionError)


@pytest.mark.parametrize(
    ("key", "marked"), [("is_even", [1, 0, 1, 0]), ("3:is_even", [1, 0, 0, 0])]
)
def test_an_expected_failure_must_fail(key: str, marked: list[int]) -> None:
    marks = [parameter.marks for parameter in parameters({key: "it is odd"})]
    assert [len(mark) for mark in marks] == marked
    assert marks[0][0].kwargs == {"reason": "it is odd", "strict": True}


@pytest.mark.parametrize("expected", [{"is_even": " "}, {"is_evn": "misspelt"}, {"5:divides": "?"}])
def test_an_expected_failure_needs_a_check_and_a_reason(expected: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="expected_failures"):
        parameters(expected)


@parametrize_rules([Good])
def test_a_third_party_writes_three_lines(rule: type[Good], check: Check[type[Good]]) -> None:
    check(rule)


def test_the_checks_run_without_pytest() -> None:
    code = (
        "import sys, advisor.testing as kit\n"
        "for name in kit.__all__: getattr(kit, name)\n"
        "sys.exit('pytest' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
