from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reports.advisor_ci.fake_github import FakeGitHub, fake_github


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with fake_github() as fake:
        yield fake
