"""Finding, loading and isolating plugins.

pluggy stops a hook call at the first exception, and one broken entry point ends its own
loader. So hooks only declare, and each plugin is loaded and asked by itself: what breaks
costs that plugin alone, and the report names it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from advisor import hookspecs
from advisor.accuracy import Measurement
from advisor.declared import declared_problem
from advisor.errors import UsageError, nearest
from advisor.executor import Executor
from advisor.language import kept, tell, term
from advisor.limits import describe, time_limit
from advisor.prober import Prober, TargetAdapter
from advisor.reader import Reader
from advisor.renderer import Renderer
from advisor.report import Problem
from advisor.rule import BaseRule
from advisor.text import told
from advisor.vocabulary.role_names import RoleName
from advisor.walk import real
from advisor.wording.catalogues import Translations

DISTRIBUTION = "tuning-advisor"
"""Plugins of this distribution are built in; all others are somebody else's."""

LOAD_SECONDS = 30.0
"""The longest that importing a plugin, or asking it for one declaration, may take."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a plugin comes from."""

    name: str
    """The entry point's name, or the file's."""
    builtin: bool
    load: Callable[[], ModuleType]


@dataclass
class Plugins:
    """Everything that the plugins declared, by name, with the plugin that each came from."""

    readers: dict[str, Reader] = field(default_factory=dict)
    rules: dict[str, type[BaseRule]] = field(default_factory=dict)
    probes: dict[str, Prober] = field(default_factory=dict)
    targets: dict[str, TargetAdapter] = field(default_factory=dict)
    executors: dict[str, Executor] = field(default_factory=dict)
    renderers: dict[str, Renderer] = field(default_factory=dict)
    measurements: dict[str, Measurement] = field(default_factory=dict)
    """By rule, what its own plugin says was measured of it."""
    translations: dict[str, Translations] = field(default_factory=dict)
    """By package."""
    roles: list[RoleName] = field(default_factory=list)
    origin: dict[str, str] = field(default_factory=dict)
    """``rule overfitting`` to the name of its plugin; readers and renderers likewise."""
    problems: list[Problem] = field(default_factory=list)
    builtin_readers: set[str] = field(default_factory=set)
    """The readers of this distribution: their results depend on nothing but the files."""
    foreign: bool = False
    """True if any reader or rule is not built in: such code runs in worker processes."""

    def executor(self, name: str) -> Executor:
        """Return the executor that the settings name. Raises ``UsageError`` if there is none."""
        if name in self.executors:
            return self.executors[name]
        hint = nearest(name, self.executors) or tell(_NO_EXECUTORS)
        text = "--executor: there is no executor '{name:given}'{hint:sentence}"
        raise UsageError(text, name=name, hint=hint)


_NO_EXECUTORS = "; a plugin declares them (register_executors)"


def load_plugins(files: Sequence[str] = (), *, seconds: float = LOAD_SECONDS) -> Plugins:
    """Load the installed plugins and the single-file ones. Never raises for a plugin's fault.

    ``seconds`` is the longest that one import, or one declaration, may take.
    """
    plugins = Plugins()
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    # What a plugin prints is for people; standard output belongs to the report.
    with redirect_stdout(sys.stderr):
        for source in (*_installed(), *_single_files(files)):
            _load(plugins, manager, source, seconds)
    _drop_foreign_measurements(plugins)
    return plugins


def _installed() -> Iterator[Source]:
    points = sorted(entry_points(group=hookspecs.GROUP), key=lambda p: (not _builtin(p), p.name))
    for point in points:
        yield Source(point.name, _builtin(point), point.load)


def _builtin(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == DISTRIBUTION


def _single_files(files: Sequence[str]) -> Iterator[Source]:
    for path in dict.fromkeys(real(Path(file)) for file in files):
        yield Source(path.name, False, partial(load_file, path))


def load_file(path: Path) -> ModuleType:
    """Import a single-file plugin, under the same module name in every process."""
    digest = hashlib.sha256(os.fsencode(real(path))).hexdigest()[:8]
    name = f"advisor_file_{path.stem}_{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and pydantic look their own module up while its body still runs.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _load(plugins: Plugins, manager: pluggy.PluginManager, source: Source, seconds: float) -> None:
    module = ModuleType("not loaded")
    with _isolated(plugins, source, _NOT_IMPORTED), time_limit(seconds):
        module = source.load()
        # Two single-file plugins may bear one name; their modules never do.
        manager.register(module, f"{source.name} {module.__name__}")
    hooks = manager.get_hookcallers(module)
    if hooks == []:
        _report(plugins, source, term("declares nothing: no function is marked @hookimpl"))
    for caller in hooks or ():
        if caller.spec is None:
            hint = nearest(caller.name, (n for n in dir(hookspecs) if n.startswith("register_")))
            text = "has no use for the hook {name:given}{hint:sentence}"
            _report(plugins, source, told(text, name=caller.name, hint=hint))
        else:
            isolated = _isolated(plugins, source, _FAILED, hook=caller.name)
            with isolated, time_limit(seconds):
                _collect(plugins, source, caller, module)


def _drop_foreign_measurements(plugins: Plugins) -> None:
    """Let nobody make another plugin's rules loud or silent."""
    for name in tuple(plugins.measurements):
        plugin = plugins.origin[f"measurement {name}"]
        if plugin != plugins.origin.get(f"rule {name}"):
            del plugins.measurements[name]
            text = "measures the rule {name:given}, which is none of its own"
            what = told(text, name=name)
            cure = term("measure your own rules only")
            plugins.problems.append(Problem(where=f"plugin {plugin}", what=what, cure=cure))


class _isolated:  # noqa: N801  # reads as a statement
    """Turn whatever a plugin raises into a problem of the report; Ctrl-C passes."""

    def __init__(self, plugins: Plugins, source: Source, template: str, **params: str) -> None:
        self._plugins, self._source = plugins, source
        self._template, self._params = template, params

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> bool:
        if error is None or isinstance(error, KeyboardInterrupt):
            return False
        what = told(self._template, **self._params, why=describe(error))
        _report(self._plugins, self._source, what)
        return True


_NOT_IMPORTED = kept("could not be imported: {why:given}")
_FAILED = kept("failed in {hook:given}: {why:given}")
_MEND, _REINSTALL = term("mend the file, or leave it out"), term("reinstall tuning-advisor")


def _report(plugins: Plugins, source: Source, what: str) -> None:
    cure = _REINSTALL if source.builtin else _MEND
    plugins.problems.append(Problem(where=f"plugin {source.name}", what=what, cure=cure))


def _collect(
    plugins: Plugins, source: Source, caller: pluggy.HookCaller, module: ModuleType
) -> None:
    """File what one plugin declares in one hook; a wrong or doubled item costs only itself."""
    function = next(i.function for i in caller.get_hookimpls() if i.plugin is module)
    declared: Any = function()
    for item in declared:
        problem = declared_problem(caller.name, item)
        if problem:
            text = "declared in {hook:given} what cannot be used: {problem:given}"
            _report(plugins, source, told(text, hook=caller.name, problem=problem))
        elif isinstance(item, RoleName):
            plugins.roles.append(item)
        else:
            _file(plugins, source, caller.name, item)


def _file(plugins: Plugins, source: Source, hook: str, item: Any) -> None:
    kind = hook.removeprefix("register_").removesuffix("s")
    shelf: dict[str, Any] = getattr(plugins, f"{kind}s")
    key = f"{kind} {item.name}"
    if item.name in shelf:
        other = plugins.origin[key]
        text = "declares the {key:given}, which the plugin {other:given} has already"
        _report(plugins, source, told(text, key=key, other=other))
        return
    shelf[item.name] = item
    plugins.origin[key] = source.name
    if source.builtin and kind == "reader":
        plugins.builtin_readers.add(item.name)
    plugins.foreign |= not source.builtin and kind not in ("renderer", "executor")
