from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.model import Value
from advisor.notes import NoteKind
from advisor_csv.config import Config


def config(tmp_path: Path, text: str | bytes, name: str = "hparams.yaml") -> Config:
    (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    made = Config()
    made.add(tmp_path, name)
    return made


def values(made: Config) -> dict[str, Value]:
    return {path: entry.value for path, entry in made.values.items()}


def test_values_keep_their_types_and_say_where_they_stand(tmp_path: Path) -> None:
    made = config(tmp_path, "lr: 1e-4\nnested:\n  bias: false\n  sizes: [1, 2]\nname: null\n")
    assert values(made) == {
        "lr": 1e-4,
        "nested.bias": False,
        "nested.sizes": (1, 2),
        "name": None,
    }
    assert made.values["nested.bias"].origin == "hparams.yaml, line 3"


def test_python_tags_become_names_and_nothing_is_constructed(tmp_path: Path) -> None:
    made = config(
        tmp_path,
        """
shape: !!python/tuple [1, 2]
optimizer: !!python/name:torch.optim.adam.Adam ''
criterion: !!python/object:torch.nn.modules.loss.CrossEntropyLoss
  _hooks: {a: 1}
  reduction: mean
call: !!python/object/apply:os.system ['echo ran > ran']
odd: !mine {x: 3}
""",
    )
    assert values(made) == {
        "shape": (1, 2),
        "optimizer": "torch.optim.adam.Adam",
        "criterion": "torch.nn.modules.loss.CrossEntropyLoss",
        "criterion.reduction": "mean",
        "call": "os.system",
        "odd.x": 3,
    }
    assert made.notes == []


def test_a_name_with_two_values_is_kept_twice(tmp_path: Path) -> None:
    made = config(tmp_path, "lr0: 0.1\nepochs: 3\n", "hyp.yaml")
    (tmp_path / "opt.yaml").write_text("lr0: 0.2\nepochs: 3\n")
    made.add(tmp_path, "opt.yaml")
    assert values(made) == {"lr0": 0.1, "epochs": 3, "opt.lr0": 0.2}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: [1, 2\nb: {", id="broken"),
        pytest.param("- 1\n- 2\n", id="a list"),
        pytest.param(b"\xff\xfe\x00", id="bytes"),
        pytest.param("a: &a [*a]\n", id="an alias of itself"),
        pytest.param("a: " + "[" * 3000 + "]" * 3000, id="very deep"),
        pytest.param("a: b\n" * 100_000, id="very long"),
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
    (noted,) = config(tmp_path, text).notes
    assert (noted.kind, noted.params["file"]) == (NoteKind.CONFIG_UNREADABLE, "hparams.yaml")


def test_a_missing_file_is_noted(tmp_path: Path) -> None:
    made = Config()
    made.add(tmp_path, "hparams.yaml")
    assert [noted.kind for noted in made.notes] == [NoteKind.CONFIG_UNREADABLE]


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    made = config(tmp_path, "")
    assert (made.values, made.notes) == ({}, [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.one_of(st.binary(max_size=80), st.text("a:-[]{}!&*<>|'\"\n 1.?%#", max_size=60)))
def test_no_bytes_raise(tmp_path: Path, data: bytes | str) -> None:
    config(tmp_path, data)
