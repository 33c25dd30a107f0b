"""What holds the project together: names, imports, sizes, and tests beside their sources."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import advisor

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path for top in ("advisor", "plugins", "reports") for path in (ROOT / top).rglob("*.py")
)
RENDERERS = sorted((ROOT / "reports").rglob("*.py"))

LONGEST_FILE, LONGEST_FUNCTION = 300, 50
"""Lines."""

HEAVY = (
    "torch", "tensorboard", "jinja2", "wandb", "pandas", "polars", "numpy", "pydantic", "rich",
)  # fmt: skip
"""What ``import advisor`` must not bring along."""

FOR_RENDERERS = frozenset(
    {
        "drawing",
        "finding",
        "hookspecs",
        "language",
        "model",
        "presentation",
        "renderer",
        "report",
        "roles",
        "run",
        "text",
        "wording",
    }
)
"""The parts of the core that a renderer may import from: what a report is made of."""

TESTED_ELSEWHERE = {
    "advisor/__main__.py": "two lines; the tests of the command line start it",
    "advisor/executor.py": "protocols; the tests of execution and of trials fulfil them",
    "advisor/finding.py": "data; every test of a rule asserts on it",
    "advisor/hookspecs.py": "specifications without a body; the manager's tests call them",
    "advisor/model.py": "two base classes; the tests of text and report go through them",
    "advisor/prober.py": "a protocol and its data; the tests of the probe go through them",
    "advisor/verification.py": "data; the tests of `advisor verify` assert on it",
    "advisor/renderer.py": "a protocol; the conformance kit tests who fulfils it",
    "advisor/roles.py": "data; the tests of understanding assert on it",
    "advisor/rule.py": "base classes; the conformance kit tests who extends them",
    "advisor/study.py": "data; the tests of sweeps go through it",
    "advisor/summary.py": "data; the tests of summarizing assert on it",
    "advisor/version.py": "one line",
}
"""Modules without a test module of their own, each with the reason."""


NEED_TORCH = ("advisor_probe.workbench", "advisor_probe.isolation.forking")
"""What runs in the child processes of a probe: the only modules that need torch to be imported."""

OWED = frozenset(f"advisor/{stem}.py" for stem in ("declared", "errors", "notes", "reader", "view"))
"""Modules of the core that only the tests of others go through; each wants tests of its own."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts if parts[0] == "advisor" else parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def by_file(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name)


def run(code: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("folder", ["plugins", "reports"])
def test_everything_in_a_folder_of_packages_is_named_as_it_is_imported(folder: str) -> None:
    """Anything else would shadow a real module, as the folder is on the path while developing."""
    names = [path.name for path in (ROOT / folder).iterdir()]
    assert [n for n in names if not n.startswith("advisor_") and n != "__pycache__"] == []


def test_importing_advisor_imports_nothing_that_takes_time() -> None:
    done = run(f"import advisor, sys; print([m for m in {HEAVY} if m in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_every_module_imports_alone_without_a_warning() -> None:
    """In one process each would find what another imported, so each has its own modules."""
    modules = [module_of(path) for path in SOURCES if path.name != "__main__.py"]
    if importlib.util.find_spec("torch") is None:
        modules = [module for module in modules if not module.startswith(NEED_TORCH)]
    code = (
        "import importlib, json, sys\n"
        "failed, start = {}, set(sys.modules)\n"
        f"for name in {modules}:\n"
        "    try:\n"
        "        importlib.import_module(name)\n"
        "    except BaseException as error:\n"
        "        failed[name] = repr(error)\n"
        "    for mine in set(sys.modules) - start:\n"
        "        if mine.split('.')[0].startswith('advisor'):\n"
        "            del sys.modules[mine]\n"
        "print(json.dumps(failed))\n"
    )
    done = run(code, "-W", "error")
    assert json.loads(done.stdout or "null") == {}, done.stderr


def test_the_public_names_are_those_that_are_imported_on_first_use() -> None:
    for package in (advisor, importlib.import_module("advisor.testing")):
        assert sorted(package.__all__) == sorted({*package._HOME, *_eager(package)})
        assert all(getattr(package, public) is not None for public in package.__all__)


def _eager(package: object) -> set[str]:
    return {"__version__"} if package is advisor else set()


def test_the_public_names_are_those_that_a_type_checker_sees() -> None:
    for file in ("advisor/__init__.py", "advisor/testing/__init__.py"):
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        branch = next(node for node in tree.body if isinstance(node, ast.If))
        seen = {alias.name for node in branch.body for alias in node.names}  # type: ignore[attr-defined]
        package = importlib.import_module(module_of(ROOT / file))
        assert seen == set(package._HOME)


@by_file(RENDERERS)
def test_a_renderer_imports_nothing_of_the_core_but_the_report(path: Path) -> None:
    """The import contracts see modules, not names: ``from advisor import Run`` would pass them."""
    strange = [
        module
        for module in _imports(path)
        if module.split(".")[0] == "advisor"
        and module.split(".")[1:2] != []
        and module.split(".")[1] not in FOR_RENDERERS
    ]
    assert strange == []


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "advisor":
            yield from (f"advisor.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@by_file(SOURCES)
def test_files_and_functions_stay_short_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "the module has no docstring"
    assert len(text.splitlines()) <= LONGEST_FILE
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {n: length for n, length in lengths.items() if length > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name != "__init__.py"], ids=name)
def test_every_module_has_its_tests_at_the_same_place(path: Path) -> None:
    excused = name(path) in TESTED_ELSEWHERE or name(path) in OWED
    assert excused or _tests_of(path), "neither tested nor excused"


def _tests_of(path: Path) -> list[Path]:
    """Find a module's own tests, or those of the package that it is a part of.

    The parts of a plugin, of a renderer or of a package in the core may be tested through it.
    """
    here = path.relative_to(ROOT).parent
    own = ROOT / "tests" / here
    found = [*own.glob(f"test_{path.stem}.py"), *own.glob(f"test_{path.stem}_*.py")]
    if len(here.parts) > 1:
        found += [*own.glob("test_*.py"), *own.parent.glob(f"test_{here.name}*.py")]
    return found


def test_every_excuse_is_of_a_module_without_tests() -> None:
    excused = [ROOT / file for file in (*TESTED_ELSEWHERE, *OWED)]
    assert [name(path) for path in excused if not path.is_file() or _tests_of(path)] == []
