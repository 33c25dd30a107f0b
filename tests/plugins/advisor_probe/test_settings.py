"""Settings by their paths."""

from __future__ import annotations

from advisor_probe.settings import flat, with_value


def test_a_setting_is_changed_where_it_stands_and_nowhere_else() -> None:
    settings = {"model": {"dropout": 0.1, "act": len}, "a.b": 1, "betas": [0.9, 0.99]}
    changed = with_value(settings, "model.dropout", 0.5)
    assert changed == {**settings, "model": {"dropout": 0.5, "act": len}}
    assert settings["model"] == {"dropout": 0.1, "act": len}
    assert with_value(settings, "a.b", 2)["a.b"] == 2
    assert with_value(settings, "betas", (0.8, 0.9))["betas"] == [0.8, 0.9]


def test_only_plain_values_can_be_set() -> None:
    assert dict(flat({"a": {"b": 1}, "act": len, "sizes": [1, 2], "mixed": [1, len]})) == {
        "a.b": 1,
        "sizes": (1, 2),
    }
