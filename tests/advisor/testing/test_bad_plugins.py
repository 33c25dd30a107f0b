"""Each check of the conformance kit fails on a plugin made for it, and on no other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from advisor.testing import (
    ReaderCase,
    broken_promises,
    reader_checks,
    renderer_checks,
    rule_checks,
)
from advisor.testing.checks import Check, name_of
from tests.advisor.testing import bad_readers, bad_renderers, bad_rules
from tests.advisor.testing.bad import Bad


def case(reader: Any) -> ReaderCase:
    return ReaderCase(reader, bad_readers.write_samples, bad_readers.POINTS)


def by_name(found: list[Bad]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("bad", found, ids=[bad.subject.__name__ for bad in found])


@pytest.fixture(autouse=True)
def _no_stand_in() -> Iterator[None]:
    yield
    sys.modules.pop(bad_readers.STANDS_FOR_HEAVY, None)


@pytest.mark.parametrize("rule", [bad_rules.Good, bad_rules.GoodStudy])
def test_a_good_rule_keeps_every_promise(rule: Any) -> None:
    assert broken_promises(rule, rule_checks(rule)) == {}


@pytest.mark.parametrize("reader", [bad_readers.Good, bad_readers.GoodResuming])
def test_a_good_reader_keeps_every_promise(reader: Any) -> None:
    subject = case(reader())
    assert broken_promises(subject, reader_checks(subject)) == {}


def test_a_good_renderer_keeps_every_promise() -> None:
    subject = bad_renderers.Good()
    assert broken_promises(subject, renderer_checks(subject)) == {}


@by_name(bad_rules.BAD_RULES)
def test_a_bad_rule_fails_the_check_meant_for_it_only(bad: Bad) -> None:
    assert broken_promises(bad.subject, rule_checks(bad.subject)).keys() == bad.fails


@by_name(bad_readers.BAD_READERS)
def test_a_bad_reader_fails_the_check_meant_for_it_only(bad: Bad) -> None:
    subject = case(bad.subject())
    assert broken_promises(subject, reader_checks(subject)).keys() == bad.fails


@by_name(bad_renderers.BAD_RENDERERS)
def test_a_bad_renderer_fails_the_check_meant_for_it_only(bad: Bad) -> None:
    subject = bad.subject()
    assert broken_promises(subject, renderer_checks(subject)).keys() == bad.fails


def test_every_check_has_a_bad_plugin() -> None:
    good = case(bad_readers.GoodResuming())
    checks: list[Check[Any]] = [
        *rule_checks(bad_rules.Good),
        *rule_checks(bad_rules.GoodStudy),
        *reader_checks(good),
        *renderer_checks(bad_renderers.Good()),
    ]
    bad = (*bad_rules.BAD_RULES, *bad_readers.BAD_READERS, *bad_renderers.BAD_RENDERERS)
    assert {name_of(check) for check in checks} == {one.check for one in bad}
