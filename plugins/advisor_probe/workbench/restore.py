"""Leaving a process as it was found: random states, loaders and switches.

A child process makes this moot; in a notebook the user goes on training afterwards, and the next
losses must be those that would have come anyway.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from advisor.text import told
from advisor_probe.target import ProbeTarget, TargetError


@contextmanager
def as_found(target: ProbeTarget) -> Iterator[None]:
    """Restore on leaving what a probe changes. Raises ``TargetError`` for what cannot be restored.

    The models of the target are copied before they are trained, so that they need no restoring.
    """
    for name in ("train", "val"):
        data = getattr(target, name)
        if isinstance(data, Iterator):
            text = "{name:given} is an iterator, which a probe would use up; give the loader"
            raise TargetError(told(text, name=name))
    generators = list({id(g): g for g in generators_of(target.train, target.val)}.values())
    states = [generator.get_state() for generator in generators]
    before = _switches()
    with random_states(), _surroundings():
        try:
            yield
        finally:
            for generator, state in zip(generators, states, strict=True):
                generator.set_state(state)
            _switch(before)


@contextmanager
def random_states() -> Iterator[None]:
    """Restore on leaving the states that random numbers are drawn from without a generator."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002  # the user's state
    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_available() else []
    try:
        with torch.random.fork_rng(devices=devices):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002  # the user's state


@contextmanager
def _surroundings() -> Iterator[None]:
    folder, environment, path = Path.cwd(), dict(os.environ), list(sys.path)
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path


def generators_of(*loaders: Any) -> Iterator[torch.Generator]:
    """Yield the random generators of loaders and of their samplers."""
    for data in loaders:
        for holder in (data, getattr(data, "sampler", None), getattr(data, "batch_sampler", None)):
            for one in (holder, getattr(holder, "sampler", None)):
                generator = getattr(one, "generator", None)
                if isinstance(generator, torch.Generator):
                    yield generator


def _switches() -> tuple[Any, ...]:
    return torch.is_grad_enabled(), torch.get_default_dtype(), torch.get_num_threads()


def _switch(before: tuple[Any, ...]) -> None:
    gradients, dtype, threads = before
    torch.set_grad_enabled(gradients)
    torch.set_default_dtype(dtype)
    torch.set_num_threads(threads)
