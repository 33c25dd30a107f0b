"""Finding the target that ``package.module:name`` or ``path/file.py:name`` names.

Importing runs the user's code: this happens in a child process only.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from advisor.errors import UsageError, nearest
from advisor.manager import load_plugins
from advisor.text import told
from advisor_probe.target import ProbeTarget, TargetError

FORM = "package.module:name or path/to/file.py:name"


def check_spec(spec: str) -> None:
    """Raise ``UsageError`` if a target is named in no form that can be right. Runs nothing."""
    place, _, name = spec.rpartition(":")
    if not place or not name.replace(".", "_").isidentifier():
        text = "{spec:given}: no target is named so; write {form:given}"
        raise UsageError(text, spec=spec, form=FORM)
    if place.endswith(".py"):
        if not Path(place).is_file():
            text = "{place:given}: there is no such file; write {form:given}"
            raise UsageError(text, place=place, form=FORM)
    elif not all(part.isidentifier() for part in place.split(".")):
        text = "{place:given}: neither a module nor a file that ends in .py; write {form:given}"
        raise UsageError(text, place=place, form=FORM)


def load_target(spec: str) -> ProbeTarget:
    """Import what ``spec`` names, call it if it is a function, and return the target.

    Raises ``TargetError`` if that is none, and passes on what the user's own code raises.
    """
    place, _, name = spec.rpartition(":")
    found: Any = _module(place)
    for part in name.split("."):
        if not hasattr(found, part):
            hint = nearest(part, vars(found)) if hasattr(found, "__dict__") else ""
            text = "the target's {place:given} holds no '{part:given}'{hint:sentence}"
            raise TargetError(told(text, place=place, part=part, hint=hint))
        found = getattr(found, part)
    made = found() if inspect.isfunction(found) or inspect.isclass(found) else found
    return made if isinstance(made, ProbeTarget) else _adapted(made, spec)


def _adapted(made: object, spec: str) -> ProbeTarget:
    """Ask the adapters of all plugins for a target."""
    for adapter in load_plugins().targets.values():
        target = adapter.adapt(made)
        if isinstance(target, ProbeTarget):
            return target
    text = "the target {spec:given} gives a {kind:given}; a ProbeTarget is wanted"
    raise TargetError(told(text, spec=spec, kind=type(made).__name__))


def _module(place: str) -> ModuleType:
    """Import a module as if the program stood beside it, or in the working directory."""
    if not place.endswith(".py"):
        sys.path.insert(0, str(Path.cwd()))
        return importlib.import_module(place)
    path = Path(place).resolve()
    sys.path.insert(0, str(path.parent))
    # Worker processes of loaders, pickles and dataclasses look the module up by its name.
    name = f"advisor_target_{path.stem}" if path.stem in sys.modules else path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TargetError(told("the target's {place:given} is no Python file", place=place))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
