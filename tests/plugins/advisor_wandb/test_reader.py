from __future__ import annotations

import subprocess
import sys

from advisor.reader import Reader
from advisor_wandb import register_readers


def test_the_plugin_registers_three_readers() -> None:
    readers = register_readers()
    assert all(isinstance(reader, Reader) for reader in readers)
    assert [reader.name for reader in readers] == ["wandb", "wandb-chart", "wandb-history"]


def test_no_client_and_no_table_library_is_loaded() -> None:
    code = "import advisor_wandb, sys; print({'wandb', 'polars', 'google'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
