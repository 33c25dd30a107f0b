from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.formats.configs import USUAL, Configs, add_beside, usual
from advisor.model import Value
from advisor.notes import NoteKind
from advisor.walk import walk
from tests.support import ROOT


def _put(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _read(folder: Path, text: str | bytes, name: str = "hparams.yaml") -> Configs:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    config = Configs()
    config.add_file(folder, name)
    return config


def _beside(folder: Path, files: Mapping[str, str]) -> Configs:
    _put(folder, files)
    config = Configs()
    add_beside(config, folder, usual(walk(folder).files))
    return config


def _values(config: Configs) -> dict[str, Value]:
    return {path: entry.value for path, entry in config.values.items()}


def test_each_setting_names_its_file_and_path_and_the_first_one_stays(tmp_path: Path) -> None:
    _put(tmp_path, {"a.yaml": "opt: {lr: 0.1}\n", "b.json": '{"opt": {"lr": 0.2}, "seed": 1}'})
    config = Configs()
    assert config.add_file(tmp_path, "a.yaml") == []
    assert config.add_file(tmp_path, "b.json") == ["opt.lr"]
    assert _values(config) == {"opt.lr": 0.1, "seed": 1}
    assert config.values["opt.lr"].origin == "a.yaml:opt.lr"


def test_a_place_stands_for_the_path_and_a_prefix_before_the_names() -> None:
    config = Configs()
    config.add({"lr": 0.1}, "events.1", place="text model", prefix="model")
    assert config.values["model.lr"].origin == "events.1, text model"


def test_what_a_null_says_gives_way(tmp_path: Path) -> None:
    found = _beside(tmp_path, {"config.yaml": "lr: null\nseed: 1\n", "args.yaml": "lr: 0.1\nseed:"})
    assert _values(found) == {"lr": 0.1, "seed": 1}
    assert found.values["lr"].origin == "args.yaml:lr"
    assert found.notes == []


@pytest.mark.parametrize("content", ["{", "[1, 2]", "[" * 100_000, "3"])
def test_a_file_that_holds_no_settings_is_noted(tmp_path: Path, content: str) -> None:
    config = _read(tmp_path, content, "a.json")
    config.add_file(tmp_path, "gone.yaml")
    assert not config.values
    assert [note.kind for note in config.notes] == [NoteKind.CONFIG_UNREADABLE] * 2


def test_what_is_no_json_says_where(tmp_path: Path) -> None:
    (noted,) = _read(tmp_path, '{\n"lr": }', "a.json").notes
    assert "not JSON at line 2" in noted.message.text


def test_half_a_surrogate_pair_is_made_writable() -> None:
    config = Configs()
    config.add({"\ud800": "\udfff"}, "a.json")
    ((path, entry),) = config.values.items()
    assert path.encode()
    assert entry.model_dump_json()


def test_values_keep_their_types(tmp_path: Path) -> None:
    found = _read(tmp_path, "lr: 1e-4\nnested:\n  bias: false\n  sizes: [1, 2]\nname: null\n")
    expected = {"lr": 1e-4, "nested.bias": False, "nested.sizes": (1, 2), "name": None}
    assert _values(found) == expected


def test_an_object_of_python_is_its_class_and_what_it_shows(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        """!!python/object:argparse.Namespace
shape: !!python/tuple [1, 2]
optimizer: !!python/name:torch.optim.adam.Adam ''
criterion: !!python/object:torch.nn.modules.loss.CrossEntropyLoss
  _hooks: !!python/object/apply:collections.OrderedDict [[]]
  reduction: mean
call: !!python/object/apply:os.system ['echo ran > ran']
odd: !mine {x: 3}
""",
    )
    assert _values(found) == {
        "shape": (1, 2),
        "optimizer": "torch.optim.adam.Adam",
        "criterion": "torch.nn.modules.loss.CrossEntropyLoss",
        "criterion.reduction": "mean",
        "call": ("echo ran > ran",),
        "odd.x": 3,
    }
    assert found.notes == []


def test_an_object_that_holds_itself_costs_only_what_comes_after_it(tmp_path: Path) -> None:
    found = _read(tmp_path, "lr: 0.1\nmodel: &m !!python/object:m.C\n  size: 3\n  parent: *m\n")
    assert (found.values["lr"].value, found.values["model.size"].value) == (0.1, 3)
    assert [note.kind for note in found.notes] == [NoteKind.CONFIG_UNREADABLE]


def test_an_object_that_was_printed_as_a_name_holds_no_settings(tmp_path: Path) -> None:
    text = '{"logger": {"<Logger object at 0x7f>": {"output_dir": "/home/me"}}, "<<": {"lr": 1}}'
    assert _values(_read(tmp_path, text, "config.json")) == {"<<.lr": 1}


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}\n"])
def test_an_empty_file_holds_nothing(tmp_path: Path, text: str) -> None:
    found = _read(tmp_path, text)
    assert (found.values, found.notes) == ({}, [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: [1, 2\nb: {", id="broken"),
        pytest.param("- 1\n- 2\n", id="a list"),
        pytest.param(b"\xff\xfe\x00", id="bytes"),
        pytest.param("a: &a [*a]\n", id="an alias of itself"),
        pytest.param("a: !!bool perhaps\n", id="no such boolean"),
        pytest.param("a: !!int ''\n", id="no digits"),
        pytest.param("a: !!float ''\n", id="no number"),
        pytest.param("a: " + "[" * 3000 + "]" * 3000, id="very deep"),
        pytest.param("a: b\n" * 300_000, id="very long"),
        pytest.param(
            "a: &a [1, {b: 2}]\n"
            + "".join(
                f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n"
                for p, c in zip("abcdefg", "bcdefgh", strict=True)
            ),
            id="aliases of aliases",
        ),
    ],
)
def test_what_cannot_be_read_is_noted(tmp_path: Path, text: str | bytes) -> None:
    (noted,) = _read(tmp_path, text).notes
    assert (noted.kind, noted.params["file"]) == (NoteKind.CONFIG_UNREADABLE, "hparams.yaml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.one_of(st.binary(max_size=80), st.text("a:-[]{}!&*<>|'\"\n 1.?%#", max_size=60)))
def test_no_bytes_raise_and_no_file_differs_from_its_copy(
    tmp_path: Path, data: bytes | str
) -> None:
    config = _read(tmp_path, data)
    (tmp_path / "copy.yaml").write_bytes((tmp_path / "hparams.yaml").read_bytes())
    assert config.add_file(tmp_path, "copy.yaml") == []


def test_a_key_of_aliases_of_aliases_costs_no_more_than_its_text(tmp_path: Path) -> None:
    keys = "".join(f"  ? &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]\n  : 1\n" for n in range(1, 9))
    _read(tmp_path, f"lr: 0.1\nmade: !!python/object:a.B\n  ? &k0 [1]\n  : 1\n{keys}")


def test_files_of_usual_names_are_settings_and_no_others(tmp_path: Path) -> None:
    others = (
        "package.json", "settings.json", "configuration.json", "options.json", "data.yaml",
        "tokenizer_config.json", "environment.yml", "config.toml", "my_config.yaml",
        "config.yaml.bak",
    )  # fmt: skip
    _put(tmp_path, dict.fromkeys((*USUAL, *others), "{}"))
    assert sorted(usual(walk(tmp_path).files)) == sorted(USUAL)


def test_the_page_on_settings_files_names_them_in_the_order_in_which_they_count() -> None:
    page = (ROOT / "docs/settings-files.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert told == list(dict.fromkeys(name.partition(".")[0] for name in USUAL))


def test_of_several_files_what_the_logger_wrote_counts_and_the_others_are_told(
    tmp_path: Path,
) -> None:
    found = _beside(
        tmp_path,
        {
            "args.json": '{"lr": 0.5, "seed": 3, "epochs": "9", "device": "CPU"}',
            "config.yaml": "lr: 0.5\nepochs: 9\ndevice: cpu\n",
            "hparams.yaml": "lr: 0.1\n",
        },
    )
    assert _values(found) == {"lr": 0.1, "epochs": 9, "device": "cpu", "seed": 3}
    assert [note.kind for note in found.notes] == [NoteKind.CONFIG_DIFFERS] * 2
    assert [note.params for note in found.notes] == [
        {"file": "config.yaml", "names": ("lr",)},
        {"file": "args.json", "names": ("lr",)},
    ]
    assert found.notes[0].message.text == (
        "`config.yaml` gives other values to `lr`; those that were read first are used."
    )


def test_another_name_for_a_setting_with_another_value_is_told(tmp_path: Path) -> None:
    files = {
        "config.yaml": "lr: 0.1\nepochs: 9\nwd: null\n",
        "args.json": '{"learning_rate": 0.5, "max_epochs": "9", "weight_decay": 0.1, "seed": 1}',
    }
    found = _beside(tmp_path, files)
    (noted,) = found.notes
    assert noted.kind is NoteKind.CONFIG_UNCLEAR
    assert noted.params == {"file": "args.json", "names": ("learning_rate",)}
    assert _values(found)["lr"] == 0.1
    assert _values(found)["learning_rate"] == 0.5


def test_two_names_for_a_setting_in_one_file_are_its_own(tmp_path: Path) -> None:
    found = _beside(
        tmp_path,
        {
            "config.yaml": "encoder: {dropout: 0.1}\ndecoder: {dropout: 0.3}\n",
            "args.yaml": "dropout: 0.2\n",
        },
    )
    assert found.notes == []


@pytest.mark.parametrize("text", ["a.b: 1\na: {b: 2}\n", "1: 1\n'1': 2\n", "{a.b: 1, a: {b: x}}"])
def test_no_file_differs_from_itself(tmp_path: Path, text: str) -> None:
    found = _beside(tmp_path, {"config.yaml": text})
    assert list(_values(found).values()) == [1]
    assert found.notes == []


def test_of_two_spellings_of_a_value_the_one_that_keeps_more_is_taken(tmp_path: Path) -> None:
    files = {"config.json": '{"a": 9.0, "b": "9", "c": 1.0}', "args.yaml": "a: 9\nb: 9.0\nc: true"}
    found = _beside(tmp_path, files)
    assert repr(_values(found)) == repr({"a": 9, "b": 9.0, "c": True})
    assert found.notes == []
