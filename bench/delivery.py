"""How fast ordered mail leaves: claim, gate, render, seal, send, record; against bare aiosmtplib
that sends the same bytes over as many kept connections to the same relay.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from aiosmtplib import SMTP

from bench.intake import take_in
from bench.mails import mixed_mails
from bench.result import HEAD, Result, at_least
from bench.sink import bare_sink
from bench.site import USER, measured_site
from mailflow.core.case.mail_order import Lane
from mailflow.workers.post_worker import CONNECTIONS, PostWorker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.sink import Sink
    from mailflow.bootstrap import Runtime

MAILS = 1_500
GOAL = 0.4
_LANES = [int(lane) for lane in Lane]


def measure(database: str, *, mails: int = MAILS) -> tuple[float, float]:
    """(mails a second of the product, of the ceiling)."""
    with measured_site(database) as (site, dovecot, _relay), bare_sink() as sink:
        room = site.post_room
        account = replace(room.account, port=sink.port)
        runtime = replace(site, post_room=replace(room, account=account))
        dovecot.deliver_files(USER, mixed_mails(50, tag="warm", seed=1))
        take_in(runtime)
        _send_all(runtime)
        sink.taken()
        dovecot.deliver_files(USER, mixed_mails(mails))
        take_in(runtime)
        seconds = _send_all(runtime)
        raws = [one.raw for one in sink.taken()]
        return len(raws) / seconds, len(raws) / asyncio.run(_send_bare(sink, raws))


def _send_all(runtime: Runtime) -> float:
    """Seconds until nothing is due."""
    worker = PostWorker(runtime)
    start = time.perf_counter()
    while worker.deliver(_LANES).claimed:
        continue
    seconds = time.perf_counter() - start
    worker.close()
    return seconds


async def _send_bare(sink: Sink, raws: list[bytes]) -> float:
    waiting = list(raws)

    async def work() -> None:
        async with SMTP(hostname="127.0.0.1", port=sink.port, start_tls=False) as client:
            while waiting:
                await client.sendmail("hr@acme.example", "someone@acme.example", waiting.pop())

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return time.perf_counter() - start


def results(databases: tuple[str, ...] = ("sqlite", "postgresql")) -> Iterator[Result]:
    for name in databases:
        product, ceiling = measure(name)
        yield at_least("outbox → relay", name, product, ceiling, goal=GOAL, unit="mails/s")


def main() -> None:
    print(HEAD)
    for result in results(tuple(sys.argv[1:]) or ("sqlite", "postgresql")):
        print(result)


if __name__ == "__main__":
    main()
