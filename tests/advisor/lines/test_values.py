from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import UsageError
from advisor.lines.values import read_lines


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def found(text: str, name: str = "train.yaml") -> dict[str, tuple[object, int]]:
    """Return what a file of this text holds: path to value and line."""
    Path(name).write_text(text, encoding="utf-8")
    lines = read_lines(Path(name))
    assert len({line.path for line in lines}) == len(lines)
    assert {line.place.file for line in lines} <= {name}
    return {line.path: (line.value, line.place.line) for line in lines}


def test_a_value_in_yaml_has_the_line_of_its_key() -> None:
    text = "# settings\nseed: 3\noptimizer:\n  # of the paper\n  lr:\n    1e-3\n  name: 'sgd'\n"
    assert found(text) == {
        "seed": ("3", 2),
        "optimizer.lr": ("1e-3", 5),
        "optimizer.name": ("sgd", 7),
    }


def test_json_has_lines_too_even_with_tabs() -> None:
    text = '{\n\t"optimizer": {\n\t\t"lr":0.1, "name": "a\\tb"\n\t}\n}\n'
    assert found(text, "train.json") == {"optimizer.lr": ("0.1", 3), "optimizer.name": ("a\tb", 3)}


def test_toml_has_tables_lists_of_tables_dotted_keys_and_inline_tables() -> None:
    text = (
        "seed = 1 # first\n[optimizer]\nlr = 1e-3\nsgd.momentum = 0.9\nx = {a = 1, b = 2}\n"
        '[[stage]]\nlr = 0.1\n[[stage]]\nlr = 0.2\n["a"."b"]\nc = true\n'
    )
    assert found(text, "train.toml") == {
        "seed": (1, 1),
        "optimizer.lr": (1e-3, 3),
        "optimizer.sgd.momentum": (0.9, 4),
        "optimizer.x.a": (1, 5),
        "optimizer.x.b": (2, 5),
        "stage.0.lr": (0.1, 7),
        "stage.1.lr": (0.2, 9),
        "a.b.c": (True, 11),
    }


def test_what_looks_like_a_setting_inside_a_text_of_toml_is_none() -> None:
    assert found('note = """\n[optimizer]\nlr = 0.1\n"""\nlr = 0.2\n', "a.toml") == {}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.yaml", b"a: [1\n", "not YAML at line 2"),
        ("a.yaml", b"a: \xff\n", "not text in UTF-8 (byte 3)"),
        ("a.json", b'{"a": 1,\n}', "not JSON at line 2"),
        ("a.json", b"[" * 100_000, "not JSON (RecursionError)"),
        ("a.toml", b"a = \n", "not TOML: "),
        ("a.sh", b"lr = 1\n", "only .yaml, .yml, .json, .toml, .py files are read"),
        ("a.py", b"lr = (1\n", "not Python at line 1"),
        ("a.py", b"lr = 1\0", "not Python ("),
        ("a.yaml", b"lr\n", "it holds no names"),
        ("a.json", b"[1]", "it holds no names"),
        ("a.yaml", b"a: &a [*a]\n", "nests deeper than 16 levels"),
        ("a.yaml", b"a: &a\n  <<: *a\n", "nests deeper than 16 levels"),
        ("a.yaml", b"a:\n" + b"- [[1]]\n" * 5_000, "more than 5,000 values"),
        ("a.yaml", b"#" * (1 << 20 | 1), "more than 1,048,576 characters"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    name: str, content: bytes, said: str
) -> None:
    Path(name).write_bytes(content)
    with pytest.raises(UsageError) as raised:
        read_lines(Path(name))
    assert str(raised.value).startswith(f"--config-file {name}: ")
    assert said in str(raised.value)


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match=r"gone\.yaml: cannot be read: no such file"):
        read_lines(Path("gone.yaml"))


def test_a_path_from_the_root_is_named_from_here(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    file = tmp_path / "conf" / "a.yaml"
    file.write_text("lr: 1\n", encoding="utf-8")
    assert read_lines(file)[0].place.file == "conf/a.yaml"


def test_a_path_from_the_root_that_lies_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("lr: 1\n", encoding="utf-8")
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    with pytest.raises(UsageError, match="lies outside"):
        read_lines(file)
    assert read_lines(Path("../a.yaml"))[0].place.file == "../a.yaml"


NAMES = st.text(alphabet="abcdefgh_", min_size=1, max_size=6)
VALUES = st.integers(-100, 100) | st.sampled_from((0.5, 1e-3, "a b", True))
NESTED = st.recursive(
    st.dictionaries(NAMES, VALUES, max_size=3),
    lambda below: st.dictionaries(NAMES, VALUES | below, max_size=3),
    max_leaves=12,
)


@given(NESTED)
def test_the_line_of_every_value_in_json_bears_its_name(data: dict[str, object]) -> None:
    text = json.dumps(data, indent=1)
    for path, (_, line) in found(text, "a.json").items():
        assert text.splitlines()[line - 1].strip().startswith(f'"{path.rpartition(".")[2]}": ')


@given(st.text(max_size=60), st.sampled_from((".yaml", ".json", ".toml", ".py")))
def test_any_text_is_read_or_refused(text: str, suffix: str) -> None:
    path = Path(f"any{suffix}")
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        lines = read_lines(path)
    except UsageError:
        return
    assert all(1 <= line.place.line <= len(text.splitlines()) + 1 for line in lines)
