"""Taking a rule's docstring apart."""

from __future__ import annotations

from advisor.page import SECTIONS, options, page
from tests.advisor.testing.bad_rules import Binary, Good, GoodStudy, Unexplained


def test_a_docstring_is_a_summary_and_sections_in_order() -> None:
    found = page(Good)
    assert found.summary == "The training loss ends above where it began."
    assert tuple(heading for heading, _ in found.sections) == SECTIONS
    assert dict(found.sections)["What to do"] == "Lower the learning rate."


def test_an_inherited_docstring_is_no_page() -> None:
    class Heir(Good):
        pass

    assert page(Heir).sections == ()


def test_a_summary_over_two_lines_becomes_one() -> None:
    class Wrapped(Good):
        """The loss
        rises.

        ## What it checks
        The loss.
        """

    assert page(Wrapped).summary == "The loss rises."
    assert page(Wrapped).sections == (("What it checks", "The loss."),)


def test_options_come_with_their_meaning_and_source_in_order() -> None:
    names = [option.name for option in options(Binary)]
    assert names == ["least", "magic"]
    assert options(Binary)[1].source == "chosen by eye"
    assert options(Unexplained)[1].source == options(Unexplained)[1].meaning == ""
    assert options(GoodStudy) == ()
