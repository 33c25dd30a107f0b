"""Carrying out one job: load the target, measure, and say how it ended."""

from __future__ import annotations

import sysconfig
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from advisor.limits import OutOfTime
from advisor.text import told
from advisor_probe.isolation.job import Ending, How, Job, line
from advisor_probe.loading import load_target
from advisor_probe.target import ProbeTarget, TargetError
from advisor_probe.workbench.events import write_events
from advisor_probe.workbench.record import NotProbed, Record, Sink, to_descriptor
from advisor_probe.workbench.subject import Subject
from advisor_probe.workbench.training import described, trained

LONGEST_TRACE = 4000
"""Characters of a traceback that are passed on, from its end."""

_OURS = str(Path(__file__).resolve().parents[1])
_NOT_THEIRS = (_OURS, "<", *{str(Path(path)) for path in sysconfig.get_paths().values()})
"""Where code lies that is not the user's: ours, Python's, and installed packages."""
_MEMORY = (
    "out of memory",
    "DefaultCPUAllocator",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "not enough memory",
)
"""What torch says in a plain ``RuntimeError`` where memory ran out."""


def carry_out(job: Job, messages: int) -> None:
    """Do a job in a child process, and write what comes of it to a file descriptor."""
    sink = to_descriptor(messages)
    try:
        ending = attempted(job, sink, lambda: load_target(job.target))
    except KeyboardInterrupt as error:
        ending = Ending(How.ERROR, "KeyboardInterrupt", users_trace(error))
    sink(line("end", how=ending.how.value, text=ending.text, trace=ending.trace))


def attempted(job: Job, sink: Sink, load: Callable[[], ProbeTarget]) -> Ending:
    """Do a job in this process. What it raises is how it ended; Ctrl-C passes."""
    try:
        if job.events:
            write_events(Path(job.events))
        elif job.describe:
            sink(line("described", **described(load(), job.device).model_dump()))
        elif job.training:
            sink(line("trained", **trained(load(), job.device, job.training)._asdict()))
        else:
            measure(load(), job, sink)
    except NotProbed as reason:
        return Ending(How.SKIPPED, str(reason))
    except TargetError as error:
        return Ending(How.TARGET, str(error))
    except SystemExit as error:
        text = told("the program called sys.exit({code:given})", code=repr(error.code))
        return Ending(How.EXIT, text, users_trace(error))
    except OutOfTime as error:
        return Ending(How.TIME, str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # whatever the user's code raises is an outcome
        how = How.MEMORY if ran_out_of_memory(error) else How.ERROR
        return Ending(how, said(error), users_trace(error))
    return Ending(How.DONE)


def measure(target: ProbeTarget, job: Job, sink: Sink) -> int:
    """Let one probe measure a target, in this process; return the steps that it took."""
    subject = Subject(target, job.device, job.seed, job.shrink)
    sink(line("loaded"))
    module: Any = import_module(f"advisor_probe.workbench.probes.{job.probe.replace('-', '_')}")
    module.measure(subject, Record(job.probe, sink))
    return subject.spent


def ran_out_of_memory(error: BaseException) -> bool:
    """Tell whether an exception says that memory ran out, on whichever device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _MEMORY)


def said(error: BaseException) -> str:
    """Say an exception in one line, with the innermost line of the user's own code."""
    text = " ".join(str(error).split())[:300]
    frames = traceback.extract_tb(error.__traceback__)
    users = [frame for frame in frames if not frame.filename.startswith(_NOT_THEIRS)]
    place = f" ({Path(users[-1].filename).name}, line {users[-1].lineno})" if users else ""
    return f"{type(error).__name__}{': ' if text else ''}{text}{place}"


def users_trace(error: BaseException) -> str:
    """Return the traceback as the user would have seen it: without our own frames."""
    told = traceback.TracebackException.from_exception(error)
    told.stack = traceback.StackSummary.from_list(
        [frame for frame in told.stack if not frame.filename.startswith(_OURS)]
    )
    return "".join(told.format())[-LONGEST_TRACE:]
