"""What the checks of rules, readers and renderers have in common.

A check is a plain function of its subject that raises ``Broken`` if a promise is not kept, so
that it can be called without pytest. ``parametrize`` makes pytest run every check on every
subject as a test of its own; pytest is imported only there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn, TypeVar

S = TypeVar("S")
Check = Callable[[S], None]


class Broken(AssertionError):
    """A promise that a plugin does not keep; the message says where, and what was wanted."""


def promise(kept: bool, otherwise: str) -> None:
    """Raise ``Broken`` with the text ``otherwise`` unless the promise is ``kept``."""
    if not kept:
        broken(otherwise)


def broken(what: str) -> NoReturn:
    """Raise ``Broken``."""
    raise Broken(what)


def name_of(check: Callable[..., object]) -> str:
    """Return a check's name: what it promises, in the words of its function."""
    return check.__name__.removeprefix("check_")


def broken_promises(subject: S, checks: Iterable[Check[S]]) -> dict[str, str]:
    """Run checks on one subject; return the names of those it fails, each with the reason.

    A check that ends in another exception counts as failed, with the exception as its reason.
    """
    failed = {}
    for check in checks:
        try:
            check(subject)
        except Exception as error:  # noqa: BLE001  # whatever a plugin raises is its failure
            failed[name_of(check)] = f"{type(error).__name__}: {error}"
    return failed


def parametrize(
    argument: str,
    subjects: Iterable[S],
    *,
    checks: Callable[[S], Iterable[Check[S]]],
    label: Callable[[S], str],
    expected_failures: Mapping[str, str],
) -> Callable[[Callable[..., Any]], Any]:
    """Decorate ``def test(argument, check)`` so that it runs once for each subject and check.

    ``expected_failures`` maps ``check`` or ``subject:check`` to the reason why the promise is
    not kept; such a test must fail, and an entry without a reason or without a check is a
    ``ValueError``.
    """
    import pytest

    pairs = [(subject, label(subject), check) for subject in subjects for check in checks(subject)]
    _must_be_known(expected_failures, ((name, name_of(check)) for _, name, check in pairs))
    parameters = []
    for subject, name, check in pairs:
        promised = name_of(check)
        reason = expected_failures.get(f"{name}:{promised}", expected_failures.get(promised))
        marks = () if reason is None else pytest.mark.xfail(reason=reason, strict=True)
        parameters.append(pytest.param(subject, check, id=f"{name}-{promised}", marks=marks))
    return pytest.mark.parametrize((argument, "check"), parameters)


def _must_be_known(expected: Mapping[str, str], pairs: Iterator[tuple[str, str]]) -> None:
    known = {key for name, promised in pairs for key in (promised, f"{name}:{promised}")}
    for key, reason in expected.items():
        if key not in known:
            raise ValueError(f"expected_failures: no check is named {key!r}")
        if not reason.strip():
            raise ValueError(f"expected_failures: {key!r} needs a reason")
