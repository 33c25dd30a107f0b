"""Text that Python, scikit-learn, NumPy or PyTorch ships, as windows of characters."""

from __future__ import annotations

import ast
import doctest
import random
import re
import tokenize
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pydoc_data.topics import topics
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn import datasets

CONTEXT = 16
"""Characters that a window holds."""
WINDOWS = 1500
MODULES = ("argparse", "decimal", "difflib", "doctest", "inspect", "optparse", "pickle", "random",
           "statistics", "subprocess", "tarfile", "threading", "turtle", "typing")  # fmt: skip


def windows(text: str) -> tuple[NDArray[Any], NDArray[Any], int]:
    """Return windows, the same moved by one character, and the number of characters known."""
    codes = np.frombuffer(text.lower().encode("ascii", "replace"), dtype=np.uint8)
    known, numbered = np.unique(codes, return_inverse=True)
    needed = WINDOWS * CONTEXT + 1
    if len(numbered) < needed:
        raise ValueError(f"{len(numbered)} characters of text; {needed} are needed")
    row = np.arange(WINDOWS)[:, None] * CONTEXT + np.arange(CONTEXT)
    return numbered[row].astype(np.int64), numbered[row + 1].astype(np.int64), len(known)


@cache
def docstrings() -> str:
    """Return docstrings of the standard library."""
    return "\n".join(
        found
        for module in MODULES
        for node in ast.walk(ast.parse(_source(module)))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module)
        and (found := ast.get_docstring(node))
    )


def source() -> str:
    """Return source code of the standard library."""
    return "\n".join(
        _source(module) for module in ("logging/__init__", "json/decoder", "ast", "csv")
    )


def reference() -> str:
    """Return the chapters of the language reference that ``help`` shows."""
    return "\n".join(topics[name] for name in sorted(topics))


def names() -> str:
    """Return names of characters as Unicode gives them, in no order."""
    found = [unicodedata.name(chr(code), "") for code in range(0x3000)]
    return "\n".join(random.Random(7).sample(sorted(filter(None, found)), 1500))


def messages() -> str:
    """Return what the standard library says when it raises an error, in no order."""
    files = sorted(Path(ast.__file__).parent.glob("*.py"))
    found = {said for file in files for said in _raised(ast.parse(_source(file.stem)))}
    return "\n".join(random.Random(7).sample(sorted(found), len(found)))


def descriptions() -> str:
    """Return what scikit-learn says of the data sets that it knows, its paragraphs in no order."""
    files = sorted(Path(datasets.__file__).with_name("descr").glob("*.rst"))
    found = [part for file in files for part in file.read_text(encoding="utf-8").split("\n\n")]
    return "\n".join(random.Random(7).sample(found, len(found)))


def examples() -> str:
    """Return the examples of what NumPy's functions do, in no order: what to type, what comes."""
    parser = doctest.DocTestParser()
    told = [str(found.__doc__ or "") for found in vars(np).values() if callable(found)]
    made = {f">>> {part.source}{part.want}" for said in told for part in parser.get_examples(said)}
    return "".join(random.Random(7).sample(sorted(made), len(made)))


def headers() -> str:
    """Return the lines of the headers that NumPy has for C, in paragraphs in no order."""
    files = sorted(Path(np.get_include(), "numpy").glob("*.h"))
    found = [part for file in files for part in file.read_text(encoding="utf-8").split("\n\n")]
    return "\n".join(random.Random(7).sample(found, len(found)))


def comments() -> str:
    """Return the comments in the modules of NumPy's library, in no order."""
    files = sorted(Path(np.__file__).parent.joinpath("lib").glob("*.py"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines(True)]
    found = [
        part.string
        for part in tokenize.generate_tokens(iter(lines).__next__)
        if part.type == tokenize.COMMENT
    ]
    return "\n".join(random.Random(7).sample(found, len(found)))


def stubs() -> str:
    """Return what types the functions of NumPy's library are of, in paragraphs in no order."""
    files = sorted(Path(np.__file__).parent.joinpath("lib").glob("*.pyi"))
    found = [part for file in files for part in file.read_text(encoding="utf-8").split("\n\n")]
    return "\n".join(random.Random(7).sample(found, len(found)))


def formulas() -> str:
    """Return the lines of what PyTorch says of its layers that hold formulas, in no order."""
    folder = Path(str(torch.__file__)).parent
    files = sorted([*folder.joinpath("nn").rglob("*.py"), *folder.joinpath("optim").glob("*.py")])
    lines = {" ".join(line.split()) for file in files for line in _lines(file)}
    found = sorted(line for line in lines if re.search(r"\\[a-z]+[{ ]", line))
    return "\n".join(random.Random(7).sample(found, len(found)))


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def _raised(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call(args=[ast.Constant(value=str(said)), *_])):
                yield said


def _source(module: str) -> str:
    return Path(ast.__file__).parent.joinpath(f"{module}.py").read_text(encoding="utf-8")
