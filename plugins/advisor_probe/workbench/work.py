"""Carrying out one job: load the target, measure, and say how it ended."""

from __future__ import annotations

import sysconfig
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from advisor_probe.isolation.job import How, Job, line
from advisor_probe.loading import load_target
from advisor_probe.target import ProbeTarget, TargetError
from advisor_probe.workbench.events import write_events
from advisor_probe.workbench.record import NotProbed, Record, Sink, to_descriptor
from advisor_probe.workbench.subject import Subject

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
    how, text, trace = _outcome(job, sink)
    sink(line("end", how=how.value, text=text, trace=trace))


def _outcome(job: Job, sink: Sink) -> tuple[How, str, str]:
    try:
        if job.events:
            write_events(Path(job.events))
        else:
            measure(load_target(job.target), job, sink)
    except NotProbed as reason:
        return How.SKIPPED, str(reason), ""
    except TargetError as error:
        return How.TARGET, str(error), ""
    except SystemExit as error:
        return How.EXIT, f"the program called sys.exit({error.code!r})", users_trace(error)
    except BaseException as error:  # noqa: BLE001  # whatever the user's code raises is an outcome
        how = How.MEMORY if ran_out_of_memory(error) else How.ERROR
        return how, said(error), users_trace(error)
    return How.DONE, "", ""


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
