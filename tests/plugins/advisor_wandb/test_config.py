from __future__ import annotations

from pathlib import Path

import pytest

from advisor.notes import NoteKind
from advisor_wandb.config import Config
from advisor_wandb.records import Change

FILE = "run-a.wandb"


def values(config: Config) -> dict[str, object]:
    return {path: entry.value for path, entry in config.values().items()}


def test_nested_settings_have_dotted_paths_and_an_origin() -> None:
    config = Config()
    config.change(Change([(("lr",), 0.1), (("opt",), {"betas": [0.9, 0.99]})], []), FILE)
    assert values(config) == {"lr": 0.1, "opt.betas": (0.9, 0.99)}
    assert config.values()["lr"].origin == "run-a.wandb, config"


def test_what_is_set_later_replaces_what_was_set_before() -> None:
    config = Config()
    config.change(Change([(("lr",), 0.1), (("opt",), {"name": "sgd", "wd": 0})], []), FILE)
    config.change(Change([(("lr",), 0.2), (("opt", "name"), "adam")], []), "run-b.wandb")
    assert values(config) == {"lr": 0.2, "opt.name": "adam", "opt.wd": 0}
    assert config.values()["lr"].origin == "run-b.wandb, config"


def test_what_is_removed_is_gone() -> None:
    config = Config()
    config.change(Change([(("a",), 1), (("b",), {"c": 1, "d": 2})], [("a",), ("b", "c")]), FILE)
    config.change(Change([], [("x",), ("a", "y"), ()]), FILE)
    assert values(config) == {"b.d": 2}


def test_settings_of_wandb_itself_are_left_out() -> None:
    config = Config()
    config.change(Change([(("_wandb",), {"cli": "0.1"}), ((), 3), (("_wandb", "x"), 1)], []), FILE)
    assert values(config) == {}


def test_a_setting_below_a_plain_value_takes_its_place() -> None:
    config = Config()
    config.change(Change([(("a",), 1), (("a", "b"), 2)], []), FILE)
    assert values(config) == {"a.b": 2}


YAML = """
wandb_version: 1
_wandb:
  desc: null
  value: {cli_version: 0.14.0}
lr: {desc: null, value: 0.2}
epochs:
  desc: null
  value: 10
opt:
  desc: null
  value: {name: adam}
plain: 3
"""


def test_the_yaml_file_fills_in_what_no_record_has_set(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(YAML)
    config = Config()
    config.change(Change([(("lr",), 0.1)], []), FILE)
    config.fill(tmp_path / "config.yaml", "files/config.yaml")
    assert values(config) == {"lr": 0.1, "epochs": 10, "opt.name": "adam", "plain": 3}
    assert config.values()["epochs"].origin == "files/config.yaml"
    assert config.notes == []


def test_what_python_would_make_is_its_name_and_never_made(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("a: !!python/object:os.system {}")
    config = Config()
    config.fill(tmp_path / "config.yaml", "config.yaml")
    assert values(config) == {"a": "os.system"}


@pytest.mark.parametrize("text", ["a: [", "- 1", ""])
def test_a_yaml_file_that_is_none_makes_no_settings_of_its_own(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    config = Config()
    config.fill(tmp_path / "config.yaml", "config.yaml")
    assert all(value in ("", None) for value in values(config).values())


def test_a_yaml_file_that_cannot_be_read_is_noted(tmp_path: Path) -> None:
    config = Config()
    config.fill(tmp_path / "config.yaml", "files/config.yaml")
    (noted,) = config.notes
    assert (noted.kind, noted.params["file"]) == (NoteKind.CONFIG_UNREADABLE, "files/config.yaml")


def test_more_settings_than_a_person_sets_are_noted() -> None:
    config = Config()
    many = {str(place): place for place in range(10_000)}
    config.change(Change([(("many",), many)], []), FILE)
    assert 1000 < len(config.values()) < 10_000
    assert [(n.kind, n.params["file"]) for n in config.notes] == [
        (NoteKind.CONFIG_UNREADABLE, FILE)
    ]
