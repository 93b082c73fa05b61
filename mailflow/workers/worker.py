"""Dramatiq workers inside this process: one thread for urgent mail alone, others for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dramatiq import Worker

from mailflow.doorbell import ORDINARY_QUEUE, URGENT_QUEUE
from mailflow.workers.actors import declare_actors
from mailflow.workers.post_worker import PostWorker

if TYPE_CHECKING:
    from dramatiq import Broker

    from mailflow.bootstrap import Runtime

_PICK_UP_MILLISECONDS = 100


class Workers:
    """Started on construction; ``stop`` lets work in hand finish."""

    def __init__(self, runtime: Runtime, broker: Broker, *, threads: int = 1) -> None:
        self._post = PostWorker(runtime)
        declare_actors(broker, self._post)
        self._workers = [
            Worker(
                broker,
                queues={URGENT_QUEUE},
                worker_threads=1,
                worker_timeout=_PICK_UP_MILLISECONDS,
            ),
            Worker(
                broker,
                queues={ORDINARY_QUEUE},
                worker_threads=threads,
                worker_timeout=_PICK_UP_MILLISECONDS,
            ),
        ]
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        for worker in self._workers:
            worker.stop(timeout=60_000)
        self._post.close()
