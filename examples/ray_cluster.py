"""An executor for a Ray cluster, in one file: one CPU a worker, and one GPU where there are any.

    advisor probe train.py:target --plugin examples/ray_cluster.py --executor ray

Without a cluster (``RAY_ADDRESS``) Ray starts on this machine. Workers need advisor, and find logs,
programs and single-file plugins under the same paths as here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from advisor import hookimpl


class RayExecutor:
    """Carries out units in as many actors as the cluster has room for."""

    name = "ray"
    summary = "a Ray cluster, one GPU a worker where there are any"

    def run(self, work: Any, units: Sequence[Any], progress: Any) -> Iterator[Any]:
        """Carry out the units; each actor has the next one as soon as it is free."""
        import ray  # whoever uses this has it

        if not ray.is_initialized():
            ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
        actors = _Actors(ray, work, len(units))
        done: dict[int, Any] = {}
        turn = 0
        try:
            for count, (place, result) in enumerate(actors.carried_out(units), 1):
                done[place] = result
                progress(count)
                while turn in done:
                    yield done.pop(turn)
                    turn += 1
        finally:
            actors.end()


class _Actors:
    """Workers in processes that Ray places where there is room."""

    def __init__(self, ray: Any, work: Any, most: int) -> None:
        self._ray, self._work = ray, work
        room = ray.cluster_resources()
        gpus = int(room.get("GPU", 0))
        self._kind = ray.remote(num_cpus=1, num_gpus=1 if gpus else 0)(_worker_class())
        count = min(most, gpus or int(room["CPU"]))
        self._actors = [self._kind.remote(work) for _ in range(count)]

    def carried_out(self, units: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Yield the place of each unit and its result, as they come to an end."""
        waiting = list(enumerate(units))[::-1]
        free = list(self._actors)
        busy: dict[Any, tuple[int, Any]] = {}
        while waiting or busy:
            while free and waiting:
                place, unit = waiting.pop()
                actor = free.pop()
                busy[actor.carry_out.remote(unit)] = place, actor
            (ready,), _ = self._ray.wait(list(busy), num_returns=1)
            place, actor = busy.pop(ready)
            try:
                yield place, self._ray.get(ready)
            except self._ray.exceptions.RayActorError:
                yield place, self._work.given_up(units[place], "ended its worker process")
                actor = self._kind.remote(self._work)
                self._actors.append(actor)
            free.append(actor)

    def end(self) -> None:
        """End all workers, whatever they are at."""
        for actor in self._actors:
            self._ray.kill(actor)


def _worker_class() -> type:
    """Return the class of an actor: made here, Ray sends it along, for no worker has this file."""

    class Worker:
        def __init__(self, work: Any) -> None:
            self._stack = ExitStack()
            self._worker = self._stack.enter_context(work.worker())

        def carry_out(self, unit: Any) -> Any:
            return self._worker.work(unit, lambda _run, _rule: None)

    return Worker


@hookimpl
def register_executors() -> tuple[RayExecutor, ...]:
    """Return the one executor."""
    return (RayExecutor(),)
