from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from advisor.manager import Plugins, load_file, load_plugins
from advisor.report import Problem

_RULE = '''
from advisor import Citation, Rule, Severity, Stage, hookimpl

class Mine(Rule):
    """Tell nothing."""
    name = {name!r}
    stage = Stage.FIT
    severity = Severity.NOTE
    symptoms = ("nothing",)
    citations = ()
    texts = dict.fromkeys(
        ("title", "observed", "evidence", "do", "why", "check", "unless"), "Said."
    )
    @classmethod
    def examples(cls):
        return ()
    def check(self, run):
        yield from ()
'''
_REGISTER = """
@hookimpl
def register_rules():
    return ({items},)
"""
GOOD = _RULE.format(name="mine/good") + _REGISTER.format(items="Mine")


def _load(folder: Path, text: str, name: str = "bad.py") -> tuple[Plugins, tuple[Problem, ...]]:
    """Load a plugin before a good one, and return the problems of the first."""
    (folder / name).write_text(text)
    (folder / "good.py").write_text(GOOD)
    plugins = load_plugins([str(folder / name), str(folder / "good.py")], seconds=2)
    assert plugins.origin["rule mine/good"] == "good.py"
    assert "csv" in plugins.readers
    return plugins, tuple(plugins.problems)


def test_what_is_built_in_loads_without_a_problem() -> None:
    plugins = load_plugins()
    assert plugins.problems == []
    assert not plugins.foreign
    assert {"csv", "tensorboard"} <= plugins.readers.keys()
    assert {"html", "json", "markdown", "terminal"} <= plugins.renderers.keys()
    assert plugins.rules
    assert all(name == rule.name for name, rule in plugins.rules.items())


def test_a_single_file_plugin_adds_its_rule_and_is_foreign(tmp_path: Path) -> None:
    plugins, problems = _load(tmp_path, GOOD.replace("mine/good", "mine/other"), "other.py")
    assert problems == ()
    assert plugins.foreign
    assert plugins.origin["rule mine/other"] == "other.py"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n1 / 0\n", "could not be imported: ZeroDivisionError: division by zero (bad.py, l"),
        ("raise SystemExit(3)\n", "could not be imported: SystemExit: 3 (bad.py, line 1)"),
        ("def f(:\n", "could not be imported: SyntaxError: invalid syntax (bad.py, line 1)"),
        ("import not_there_at_all\n", "could not be imported: ModuleNotFoundError: No module na"),
        ("from advisor import Nothing\n", "could not be imported: ImportError"),
        (
            "from advisor import hookimpl\n@hookimpl\ndef register_rules():\n    raise OSError\n",
            "failed in register_rules: OSError (bad.py, line 4)",
        ),
        (
            "from advisor import hookimpl\n@hookimpl\ndef register_rules():\n    return None\n",
            "failed in register_rules: TypeError: 'NoneType' object is not iterable",
        ),
        (
            "from advisor import hookimpl\n@hookimpl\ndef register_rules(x):\n    return ()\n",
            "could not be imported: PluginValidationError",
        ),
        (
            "from advisor import hookimpl\n@hookimpl\ndef register_rulez():\n    return ()\n",
            "has no use for the hook register_rulez; did you mean 'register_rules'?",
        ),
        (
            "def register_rules():\n    return ()\n",
            "declares nothing: no function is marked @hookimpl",
        ),
        (
            "from advisor import hookimpl\n@hookimpl\ndef register_readers():\n    return (1,)\n",
            "declared in register_readers what cannot be used: 1 is no reader",
        ),
        (
            "from advisor import hookimpl\n@hookimpl\ndef register_renderers():\n    return (1,)\n",
            "declared in register_renderers what cannot be used: 1 is no renderer",
        ),
        (
            "from advisor import hookimpl\n@hookimpl\ndef register_roles():\n    return ('lr',)\n",
            "declared in register_roles what cannot be used: 'lr' is no RoleName",
        ),
    ],
)
def test_a_broken_plugin_costs_only_itself_and_is_named(
    tmp_path: Path, text: str, said: str
) -> None:
    _, (problem,) = _load(tmp_path, text)
    assert problem.where == "plugin bad.py"
    assert problem.what.startswith(said), problem.what
    assert problem.cure == "mend the file, or leave it out"


def test_an_import_that_never_ends_is_ended(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(60)\n")
    begun = time.monotonic()
    plugins = load_plugins([str(tmp_path / "slow.py")], seconds=0.2)
    assert time.monotonic() - begun < 10
    (problem,) = plugins.problems
    assert problem.what == "could not be imported: not finished after 0.2 s (slow.py, line 2)"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name = 'mine/x'": "name = 'Mine X'"}, "'Mine X' is no kebab-case name"),
        ({"name = 'mine/x'": "name = 7"}, "something else than name (a str)"),
        ({"stage = Stage.FIT": "stage = 'fit'"}, "something else than stage (a Stage)"),
        ({"symptoms = (": "symptoms = list(("}, "something else than symptoms (a tuple)"),
        ({"citations": "requires = 'lr'\n    citations"}, "else than requires (a tuple)"),
        ({"citations": "uses = 'lr'\n    citations"}, "else than uses (a tuple)"),
        ({"citations": "not_for = {'gan'}\n    citations"}, "else than not_for (a frozenset)"),
        ({"symptoms = ('nothing',)": "symptoms = ()"}, "Mine names no symptoms"),
        ({"    symptoms = ('nothing',)\n": ""}, "Mine lacks symptoms"),
        ({"def check": "def chuck"}, "Mine lacks check"),
        ({'"unless"': '"until"'}, "mine/x lacks the texts unless"),
        (
            {"    citations": "    do_separates = ('do.x',)\n    citations"},
            "names do.x in do_separates",
        ),
        (
            {"    citations": "    requires = ('val/los',)\n    citations"},
            "mine/x asks for 'val/los', which is no role; did you mean 'val/loss'?",
        ),
        ({"    citations": "    uses = ('lr|zzz',)\n    citations"}, "asks for 'zzz', which is no"),
    ],
)
def test_a_rule_that_lacks_something_is_refused_before_it_runs(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    text = (_RULE.format(name="mine/x") + _REGISTER.format(items="Mine")).replace(
        '("nothing",)', "('nothing',)"
    )
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    text = text.replace("list(('nothing',)", "list(('nothing',))")
    plugins, (problem,) = _load(tmp_path, text)
    assert said in problem.what
    assert [name for name in plugins.rules if name.startswith("mine/")] == ["mine/good"]


def test_junk_beside_a_good_rule_costs_only_itself(tmp_path: Path) -> None:
    text = _RULE.format(name="mine/x") + _REGISTER.format(items="3, Mine, Rule")
    plugins, problems = _load(tmp_path, text)
    assert "mine/x" in plugins.rules
    assert len(problems) == 2


def test_a_name_that_is_taken_stays_with_the_first(tmp_path: Path) -> None:
    text = _RULE.format(name="overfitting") + _REGISTER.format(items="Mine")
    plugins, (problem,) = _load(tmp_path, text)
    assert plugins.origin["rule overfitting"] == "rules"
    assert "declares the rule overfitting, which the plugin rules has already" in problem.what


def test_two_files_of_one_name_are_two_plugins(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "same.py").write_text(GOOD.replace("mine/good", "mine/a"))
    (tmp_path / "same.py").write_text(GOOD.replace("mine/good", "mine/b"))
    plugins = load_plugins([str(tmp_path / "a" / "same.py"), str(tmp_path / "same.py")])
    assert {"mine/a", "mine/b"} <= plugins.rules.keys()
    assert plugins.problems == []


def test_a_file_that_is_named_twice_is_loaded_once(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(GOOD)
    spellings = [str(tmp_path / "good.py"), str(tmp_path / ".." / tmp_path.name / "good.py")]
    assert load_plugins(spellings).problems == []


def test_a_file_has_the_same_module_name_wherever_it_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(GOOD)
    first, second = load_file(tmp_path / "good.py"), load_file(tmp_path / "good.py")
    assert first.__name__ == second.__name__
    assert sys.modules[first.__name__] is second


def test_a_file_that_breaks_leaves_no_module_behind(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("1 / 0")
    before = set(sys.modules)
    load_plugins([str(tmp_path / "bad.py")])
    assert set(sys.modules) == before


@pytest.mark.parametrize("name", ["rules.txt", "missing.py"])
def test_what_is_no_python_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "rules.txt").write_text("")
    (problem,) = load_plugins([str(tmp_path / name)]).problems
    assert problem.where == f"plugin {name}"


def test_what_a_plugin_prints_does_not_reach_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.py").write_text("print('loud')\n" + GOOD)
    load_plugins([str(tmp_path / "good.py")])
    out, err = capsys.readouterr()
    assert (out, err) == ("", "loud\n")


_MEASURES = """
from advisor import Measurement, Rate

@hookimpl
def register_measurements():
    return (Measurement(name="mine/other"), Measurement(name="mine/good"), 7)
"""


def test_a_plugin_measures_its_own_rules_and_nobody_elses(tmp_path: Path) -> None:
    text = GOOD.replace("mine/good", "mine/other") + _MEASURES
    plugins, problems = _load(tmp_path, text, "other.py")
    assert set(plugins.measurements) - load_plugins().measurements.keys() == {"mine/other"}
    assert {problem.where for problem in problems} == {"plugin other.py"}
    said = " ".join(problem.what for problem in problems)
    assert "7 is no Measurement" in said
    assert "measures the rule mine/good" in said
