"""The broker as a doorbell: a message says "look now" and carries no more than a lane's number.

Whatever it loses, the sweep finds in the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dramatiq
import structlog
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import DramatiqError
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dramatiq import Broker

URGENT_QUEUE = "lane-0"
ORDINARY_QUEUE = "lane-1"
DELIVER = "deliver_mail"
_CONNECT_SECONDS = 0.5
_ANSWER_SECONDS = 5.0

log = structlog.get_logger()


def open_broker(url: str) -> Broker:
    """``memory://`` for the process' own, or ``redis://host:port/n``."""
    if url.startswith("memory:"):
        broker: Broker = StubBroker()
        broker.emit_after("process_boot")
        return broker
    # With the client's own ten retries a ring would wait four seconds while Redis is down.
    client = Redis.from_url(
        url,
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    broker_class: Any = RedisBroker
    redis_broker: Broker = broker_class(
        client=client, heartbeat_timeout=10_000, maintenance_chance=200_000
    )
    return redis_broker


def queue_of(lane: int) -> str:
    return URGENT_QUEUE if lane == 0 else ORDINARY_QUEUE


def ring_for_mail(broker: Broker, lanes: Iterable[int]) -> None:
    """Tell the workers of these lanes to look. Ring after the commit, never inside. A broker
    that is down is logged and forgiven.
    """
    for queue in sorted({queue_of(lane) for lane in lanes}):
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=queue,
            actor_name=f"{DELIVER}_{queue.replace('-', '_')}",
            args=(),
            kwargs={},
            options={},
        )
        try:
            broker.enqueue(message)
        except (DramatiqError, RedisError, OSError) as error:
            log.warning("doorbell_silent", queue=queue, error=type(error).__name__)
