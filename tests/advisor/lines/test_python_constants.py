from __future__ import annotations

import pytest

from advisor.lines.python_constants import values


def found(text: str) -> dict[str, tuple[object, int]]:
    listed = list(values(text))
    assert len({path for path, _, _ in listed}) == len(listed)
    return {path: (value, line) for path, value, line in listed}


def test_assignments_at_the_top_level_and_in_classes_are_settings() -> None:
    text = (
        "# settings\nlr = 6e-4\nname: str = 'gpt'\n\nclass Args:\n    epochs: int = 10\n"
        "    wd = -0.1\nbetas = (0.9, 0.95)\ncompile = True\n"
    )
    assert found(text) == {
        "lr": (6e-4, 2),
        "name": ("gpt", 3),
        "Args.epochs": (10, 6),
        "Args.wd": (-0.1, 7),
        "betas": ((0.9, 0.95), 8),
        "compile": (True, 9),
    }


def test_the_settings_in_nested_dicts_have_lines_of_their_own() -> None:
    text = "optimizer = dict(\n    type='SGD',\n    lr=0.1,\n)\nrun = {\n  'a': {'b': 1},\n}\n"
    assert found(text) == {
        "optimizer.type": ("SGD", 2),
        "optimizer.lr": (0.1, 3),
        "run.a.b": (1, 6),
    }


def test_the_defaults_of_arguments_are_settings_wherever_they_are_added() -> None:
    text = (
        "def main():\n    p = argparse.ArgumentParser()\n"
        "    p.add_argument('-b', '--batch-size', type=int,\n                   default=64)\n"
        "    p.add_argument('--lr', default=1e-3)\n    p.add_argument('path')\n"
    )
    assert found(text) == {"batch-size": (64, 4), "lr": (1e-3, 5)}


@pytest.mark.parametrize(
    "text",
    [
        "def main():\n    lr = 0.1\n",
        "lr = 0.1 * scale\n",
        "lr, wd = 0.1, 0.2\n",
        "cfg.lr = 0.1\n",
        "if big:\n    lr = 0.1\n",
        "lr = None\n",
        "options = {**base, key: 1}\n",
        "options = dict(**base)\n",
        "p.add_argument('--lr', default=LR)\n",
        "raise SystemExit\n",
        "'\\d'\n",
    ],
)
def test_what_only_a_program_that_runs_would_know_is_none(text: str) -> None:
    assert found(text) == {}
