from __future__ import annotations

from pathlib import Path

import pytest

from advisor.formats.configs import Configs
from advisor.notes import NoteKind


def test_each_setting_names_its_file_and_path_and_the_first_one_stays(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("opt: {lr: 0.1}\n", encoding="utf-8")
    (tmp_path / "b.json").write_text('{"opt": {"lr": 0.2}, "seed": 1}', encoding="utf-8")
    config = Configs()
    config.add_file(tmp_path, "a.yaml")
    config.add_file(tmp_path, "b.json")
    assert {path: entry.value for path, entry in config.values.items()} == {
        "opt.lr": 0.1,
        "seed": 1,
    }
    assert config.values["opt.lr"].origin == "a.yaml:opt.lr"


@pytest.mark.parametrize("content", ["{", "[1, 2]", "[" * 100_000, "3"])
def test_a_file_that_holds_no_settings_is_noted(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    config = Configs()
    config.add_file(tmp_path, "a.json")
    config.add_file(tmp_path, "gone.yaml")
    assert not config.values
    assert [note.kind for note in config.notes] == [NoteKind.CONFIG_UNREADABLE] * 2


def test_half_a_surrogate_pair_is_made_writable() -> None:
    config = Configs()
    config.add({"\ud800": "\udfff"}, "a.json")
    ((path, entry),) = config.values.items()
    assert path.encode()
    assert entry.model_dump_json()
