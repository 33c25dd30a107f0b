from __future__ import annotations

from pathlib import Path

import pytest

from advisor.errors import UsageError
from advisor.settings import Settings, find_settings, load_settings


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_both_files_say_the_same_each_in_its_form(tmp_path: Path) -> None:
    own = _write(tmp_path / "advisor.toml", 'ignore = ["fit"]\nfail-on = "note"\n')
    project = _write(
        tmp_path / "pyproject.toml", '[tool.advisor]\nignore = ["fit"]\nfail-on = "note"\n'
    )
    assert load_settings(own) == load_settings(project) == Settings(ignore=("fit",), fail_on="note")


def test_no_file_means_the_defaults() -> None:
    assert load_settings(None) == Settings()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('fail_onn = "note"', "unknown key 'fail_onn'; did you mean 'fail-on'?"),
        ("ignroe = []", "unknown key 'ignroe'; did you mean 'ignore'?"),
        ("xyzzy = 1", "unknown key 'xyzzy'; known: select, ignore, fail-on, "),
        ("jobs = 0", "jobs = 0: must be greater than or equal to 1"),
        (
            'fail-on = "fatal"',
            "fail-on = \"fatal\": must be 'error', 'warning', 'note', "
            "'new-error', 'new-warning', 'new-note' or 'never'",
        ),
        ("worker-megabytes = 1", "worker-megabytes = 1: must be "),
        ("rule-seconds = -1", "rule-seconds = -1: must be greater than 0"),
        ("rule-seconds = nan", "rule-seconds = nan: must be "),
        ("read-seconds = inf", "read-seconds = inf: must be "),
        ('ignore = "fit"', 'ignore = "fit": must be a list: ["fit"]'),
        ('roles = {"val/loss" = "nll"}', 'roles.val/loss = "nll": must be a list: ["nll"]'),
        ("objective = 3", "objective = 3: must be a text in quotes"),
        ('strict = "maybe"', 'strict = "maybe": must be true or false'),
        ("[tool.advisor]\nignore = []", "drop `tool.advisor` from its headings"),
        ('plugins = ["gone.py"]', "plugins: gone.py: there is no such file"),
        ('plugins = ["."]', "plugins: .: is a directory; name a Python file in it"),
        ('roles = {"val/los" = ["x"]}', "no role is named 'val/los'; did you mean 'val/loss'?"),
        ('accept = {overfitting = " "}', "accept.overfitting needs a reason"),
        ("rules = {overfitting = 3}", "rules.overfitting = 3: must be a table"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, text: str, hint: str) -> None:
    file = _write(tmp_path / "advisor.toml", text)
    with pytest.raises(UsageError) as error:
        load_settings(file)
    assert str(error.value).startswith(f"{file}: ")
    assert hint in str(error.value)


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    file = _write(tmp_path / "advisor.toml", "ignroe = []\njobs = 0\n")
    with pytest.raises(UsageError) as error:
        load_settings(file)
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize("content", [b"jobs = = 2", b"\xff\xfe", b'jobs = "'])
def test_broken_toml_is_named_with_its_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "advisor.toml"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"advisor\.toml: not valid TOML"):
        load_settings(file)


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"mine\.toml: cannot be read: no such file"):
        load_settings(tmp_path / "mine.toml")


@pytest.mark.parametrize("text", ["", "[tool.ruff]\n", "tool = 3\n", "[tool]\nadvisor = 3\n"])
def test_a_project_file_without_settings_is_refused_where_it_was_asked_for(
    tmp_path: Path, text: str
) -> None:
    file = _write(tmp_path / "pyproject.toml", text)
    with pytest.raises(UsageError, match=r"no table \[tool.advisor\]"):
        load_settings(file)


def test_a_settings_file_may_have_any_other_name(tmp_path: Path) -> None:
    assert load_settings(_write(tmp_path / "strict.toml", "strict = true")).strict


def test_the_nearest_file_upward_is_found(tmp_path: Path) -> None:
    top = _write(tmp_path / "advisor.toml", "")
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    assert find_settings(here, ()) == top
    near = _write(tmp_path / "a" / "pyproject.toml", "[tool.advisor]\n")
    assert find_settings(here, ()) == near


def test_a_project_file_without_settings_is_passed_over(tmp_path: Path) -> None:
    top = _write(tmp_path / "pyproject.toml", "[tool.advisor]\n")
    here = _write(tmp_path / "a" / "pyproject.toml", "[tool.ruff]\n").parent
    assert find_settings(here, ()) == top


def test_the_file_of_our_own_name_beats_the_project_file_beside_it(tmp_path: Path) -> None:
    _write(tmp_path / "pyproject.toml", "[tool.advisor]\n")
    own = _write(tmp_path / "advisor.toml", "")
    assert find_settings(tmp_path, ()) == own


@pytest.mark.parametrize("here", ["logs", "logs/run"])
def test_no_file_below_logs_is_found(tmp_path: Path, here: str) -> None:
    top = _write(tmp_path / "advisor.toml", "")
    _write(tmp_path / "logs" / "advisor.toml", "")
    _write(tmp_path / "logs" / "run" / "advisor.toml", "")
    assert find_settings(tmp_path / here, [tmp_path / "logs"]) == top


def test_plugins_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    file = _write(tmp_path / "advisor.toml", 'plugins = ["rules/mine.py"]')
    _write(tmp_path / "rules" / "mine.py", "")
    assert load_settings(file).plugins == (str(tmp_path / "rules" / "mine.py"),)


def test_an_option_goes_before_the_file_and_none_means_not_given() -> None:
    settings = Settings(jobs=2, objective="val/auc:max").with_options(jobs=3, objective=None)
    assert (settings.jobs, settings.objective) == (3, "val/auc:max")
