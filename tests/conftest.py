"""What all tests share: skips that name their cure, and that fail where nothing may be skipped."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

CURES = {
    "browsers": ("playwright",),
    "loggers": (
        "keras",
        "lightning",
        "mmengine",
        "mlflow",
        "pandas",
        "polars",
        "ray",
        "sklearn",
        "sqlalchemy",
        "tensorboard",
        "tensorboardX",
        "torch",
        "transformers",
        "wandb",
    ),
}
"""What `make` target brings which package."""


# A busy machine is no failure. `make test` tries the same examples each time; `make fuzz` new ones.
SLOW = [HealthCheck.too_slow]
settings.register_profile("test", deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.register_profile("fuzz", deadline=None, max_examples=500, suppress_health_check=SLOW)
settings.load_profile("test")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*modules): skip where these packages are missing")
    config.addinivalue_line("markers", "browser: opens the report in headless Chromium")
    # A shell that starts the tests in the background has Ctrl-C ignored, and whatever they start
    # would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for module in marker.args:
            if importlib.util.find_spec(module) is None:
                skip(module)
    if item.get_closest_marker("browser"):
        if importlib.util.find_spec("playwright") is None:
            skip("playwright")
        if not chromium():
            skip("chromium")


def chromium() -> str | None:
    """Return the path of a Chromium or Chrome on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def skip(missing: str) -> None:
    """Skip a test for want of a package, or fail where nothing may be skipped."""
    target = "browsers" if missing in ("playwright", "chromium") else "loggers"
    reason = f"{missing} is not installed: run `make {target}`"
    if os.environ.get("ADVISOR_NO_SKIPS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests read out of the cache of whoever runs them, and the other way round."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def public() -> Iterator[Path]:
    """Give a directory that everybody can reach: those of pytest are private to their user."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
