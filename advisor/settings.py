"""Settings: ``[tool.advisor]`` in ``pyproject.toml``, or ``advisor.toml``.

The file is looked for in the working directory and the directories above it, as ruff and
pytest do; never below LOGS, whose content is not trusted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from advisor.errors import UsageError, nearest, system_reason
from advisor.language import tell
from advisor.model import UserInput
from advisor.roles import KEYS
from advisor.walk import real
from advisor.wrong_values import wrong_values

FailOn = Literal["error", "warning", "note", "new-error", "new-warning", "new-note", "never"]

FILE, PROJECT_FILE = "advisor.toml", "pyproject.toml"

_LONGEST = 7 * 86_400.0
"""Seconds: a week. The timers of some systems take no infinite time."""


class Settings(UserInput):
    """What a user may set; each command-line option of the same name goes before it."""

    select: tuple[str, ...] = ()
    """Rules, or stages, to run; empty means all."""
    ignore: tuple[str, ...] = ()
    """Rules, or stages, not to run."""
    fail_on: FailOn = Field(default="error", alias="fail-on")
    """The least severity that makes the exit code 1; with ``new-``, only of findings that the
    baseline does not have."""
    strict: bool = False
    """Whether a file that could not be read makes the exit code 2."""
    plugins: tuple[str, ...] = ()
    """Single-file plugins, relative to the settings file."""
    objective: str | None = None
    """What runs are judged by: a tag or role, with ``:min`` or ``:max``: ``val/auc:max``."""
    roles: dict[str, tuple[str, ...]] = {}
    """Role to the tags (or patterns) that carry it: ``"val/loss" = ["my_nll"]``."""
    rules: dict[str, dict[str, Any]] = {}
    """Rule to its options, and ``severity``."""
    accept: dict[str, str] = {}
    """Rule to the reason why its findings are accepted."""
    jobs: int | None = Field(default=None, ge=1)
    """Worker processes; by default as many as there are cores, fewer for little work."""
    executor: str | None = None
    """What carries out the work instead, by name: a plugin may bring a way to use a cluster."""
    rule_seconds: float = Field(default=20.0, alias="rule-seconds", gt=0, le=_LONGEST)
    """The longest that one rule may take on one run."""
    read_seconds: float = Field(default=600.0, alias="read-seconds", gt=0, le=_LONGEST)
    """The longest that reading one run may take, or a reader's look for its files."""
    worker_megabytes: int | None = Field(default=None, alias="worker-megabytes", ge=256)
    """The most memory a worker process may use (address space, where the system can limit it)."""
    cache: bool = True
    """Whether to keep what was read in the user's cache directory, and to use it again."""
    language: Literal["en", "zh"] = "en"
    """In which language reports are written; JSON is always in English."""
    show_secrets: bool = Field(default=False, alias="show-secrets")
    """Whether to leave secrets, addresses and home directories in the report."""

    @field_validator("accept")
    @classmethod
    def _reasons_are_given(cls, accept: dict[str, str]) -> dict[str, str]:
        for rule, reason in accept.items():
            if not reason.strip():
                text = "accept.{rule:given} needs a reason, which the report shows"
                raise ValueError(tell(text, rule=rule))
        return accept

    @field_validator("roles")
    @classmethod
    def _roles_are_known(cls, roles: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for key in roles:
            if key not in KEYS:
                text = "no role is named '{key:given}'{hint:sentence}"
                raise ValueError(tell(text, key=key, hint=nearest(key, KEYS)))
        return roles

    def with_options(self, **options: Any) -> Settings:
        """Return these settings with the options that were given (not ``None``) put before them."""
        given = {name: value for name, value in options.items() if value is not None}
        return self.model_copy(update=given)


def find_settings(start: Path, logs: Sequence[Path]) -> Path | None:
    """Return the settings file for a working directory: the nearest one that has settings.

    A file below one of ``logs`` is passed over: settings can name plugins, which are code.
    """
    tops = [real(path) for path in logs]
    for folder in (start.resolve(), *start.resolve().parents):
        if any(folder.is_relative_to(top) for top in tops):
            continue
        for name in (FILE, PROJECT_FILE):
            candidate = folder / name
            if candidate.is_file() and (name == FILE or "advisor" in _tool_table(candidate)):
                return candidate
    return None


def load_settings(path: Path | None) -> Settings:
    """Read a settings file; no file means the defaults. Raises ``UsageError``."""
    if path is None:
        return Settings()
    try:
        settings = Settings.model_validate(_settings_table(path))
    except ValidationError as error:
        wrong = wrong_values(error, keys())
        lines = "\n".join(f"{path}: {text}" for text in wrong)
        raise UsageError("{wrong:sentence}", wrong=lines) from error
    plugins = tuple(str(path.parent / plugin) for plugin in settings.plugins)
    for plugin, file in zip(settings.plugins, plugins, strict=True):
        check_plugin_file(Path(file), f"{path}: plugins: {plugin}")
    return settings.model_copy(update={"plugins": plugins})


def check_plugin_file(file: Path, named: str) -> None:
    """Raise ``UsageError`` if a single-file plugin is no file; ``named`` says how it was given."""
    if file.is_dir():
        raise UsageError("{named:given}: is a directory; name a Python file in it", named=named)
    if not file.is_file():
        raise UsageError("{named:given}: there is no such file", named=named)


def keys() -> tuple[str, ...]:
    """Return the keys as they are written in the file."""
    return tuple(field.alias or name for name, field in Settings.model_fields.items())


def _settings_table(path: Path) -> dict[str, Any]:
    """Return the table with the settings: of any file but ``pyproject.toml`` the whole file."""
    if path.name != PROJECT_FILE:
        return _whole_file(path)
    table = _tool_table(path).get("advisor")
    if not isinstance(table, dict):
        text = "{path:given}: has no table [tool.advisor]; write the settings under it"
        raise UsageError(text, path=path)
    return table


def _whole_file(path: Path) -> dict[str, Any]:
    if "advisor" in _tool_table(path):
        raise UsageError(
            "{path:given}: has a table [tool.advisor], as a pyproject.toml has; all of this file "
            "is for advisor: drop `tool.advisor` from its headings, as in [rules.overfitting]",
            path=path,
        )
    return _toml(path)


def _tool_table(path: Path) -> dict[str, Any]:
    tool = _toml(path).get("tool", {})
    return tool if isinstance(tool, dict) else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        text = "{path:given}: not valid TOML: {why:given}"
        raise UsageError(text, path=path, why=error) from error
    except OSError as error:
        text = "{path:given}: cannot be read: {why:given}"
        raise UsageError(text, path=path, why=system_reason(error)) from error
