from __future__ import annotations

import pytest

from advisor.formats.plain import NotPlain
from advisor.lines.yaml_nodes import values


def found(text: str) -> dict[str, tuple[object, int]]:
    listed = list(values(text))
    assert len({path for path, _, _ in listed}) == len(listed)
    return {path: (value, line) for path, value, line in listed}


def test_a_flat_list_is_one_value_and_the_items_of_others_are_numbered() -> None:
    text = "betas: [0.9, 0.99]\nsteps:\n- lr: 0.1\n- lr: 0.2\n"
    assert found(text) == {
        "betas": (("0.9", "0.99"), 1),
        "steps.0.lr": ("0.1", 3),
        "steps.1.lr": ("0.2", 4),
    }


def test_settings_that_are_taken_over_keep_the_line_on_which_they_were_written() -> None:
    text = "base: &base\n  lr: 0.1\nrun:\n  <<: *base\n  seed: 1\n"
    assert found(text) == {"base.lr": ("0.1", 2), "run.lr": ("0.1", 2), "run.seed": ("1", 5)}


def test_what_yaml_calls_nothing_or_a_switch_is_not_text() -> None:
    settings = found("a: ~\nb: yes\nc: false\nd: 'no'\ne: 1_000\n")
    assert [value for value, _ in settings.values()] == [None, True, False, "no", "1000"]


def test_a_tag_makes_no_object() -> None:
    assert found("a: !!python/object/apply:os.system ['x']\n") == {"a": (("x",), 1)}


def test_aliases_that_multiply_end_at_the_limit() -> None:
    rows = [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 15)]
    with pytest.raises(NotPlain, match="more than 5,000 values"):
        found("a0: &a0 {b: 1}\n" + "\n".join(rows))
