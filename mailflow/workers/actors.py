"""Dramatiq actors: each takes nothing but a bell's ring and calls one function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dramatiq
import structlog

from mailflow.core.case.mail_order import Lane
from mailflow.doorbell import DELIVER, ORDINARY_QUEUE, URGENT_QUEUE, ring_for_mail
from mailflow.errors import TemporaryError

if TYPE_CHECKING:
    from dramatiq import Broker

    from mailflow.workers.post_worker import PostWorker

_TIME_LIMIT_MILLISECONDS = 30 * 60 * 1000

log = structlog.get_logger()


def declare_actors(broker: Broker, worker: PostWorker) -> None:
    """One actor a queue. Retrying is the outbox's business, so the broker retries nothing."""

    def look(lanes: tuple[int, ...]) -> None:
        try:
            sent = worker.deliver(lanes)
        except TemporaryError as error:
            log.warning("delivery_put_off", error=str(error))
            return
        if sent.claimed:
            ring_for_mail(broker, lanes[-1:])

    def deliver_urgent() -> None:
        look((int(Lane.URGENT),))

    def deliver_ordinary() -> None:
        look(tuple(int(lane) for lane in Lane))

    for queue, function in ((URGENT_QUEUE, deliver_urgent), (ORDINARY_QUEUE, deliver_ordinary)):
        dramatiq.actor(
            broker=broker,
            actor_name=f"{DELIVER}_{queue.replace('-', '_')}",
            queue_name=queue,
            max_retries=0,
            time_limit=_TIME_LIMIT_MILLISECONDS,
        )(function)
