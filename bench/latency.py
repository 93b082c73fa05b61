"""From a mail's delivery into the mailbox to its acknowledgement at the relay, at 5 mails/s."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

from bench.mails import mixed_mails
from bench.product import count, running_product, use_relay, wait_until
from bench.result import HEAD, Result, at_most
from bench.sink import bare_sink
from bench.site import USER, measured_site
from mailflow.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator

MAILS = 300
_EVERY_SECONDS = 0.2
_WARM = "SELECT count(*) FROM outbox WHERE state = 'sent'"


def measure(database: str, *, mails: int = MAILS) -> list[float]:
    """Seconds of each mail, ascending."""
    clock = SystemClock()
    with measured_site(database) as (site, dovecot, relay), bare_sink() as sink:
        use_relay(site.home, old_port=relay.port, new_port=sink.port)
        with running_product(site.home):
            dovecot.deliver_files(USER, mixed_mails(20, tag="warm", seed=1))
            wait_until(lambda: count(site, _WARM) >= 20)
            sink.taken()
            delivered = {}
            for raw in mixed_mails(mails):
                start = time.monotonic()
                message_id = str(message_from_bytes(raw)["Message-ID"])
                delivered[message_id] = clock.now()
                dovecot.deliver_files(USER, [raw])
                time.sleep(max(_EVERY_SECONDS - (time.monotonic() - start), 0))
            wait_until(lambda: sink.count() >= 2 * mails, timeout_seconds=120)
            answers = {str(message_from_bytes(t.raw)["In-Reply-To"]): t.at for t in sink.taken()}
    waits = [answers[known] - at for known, at in delivered.items() if known in answers]
    return sorted(wait / timedelta(seconds=1) for wait in waits)


def results(databases: tuple[str, ...] = ("sqlite", "postgresql")) -> Iterator[Result]:
    for name in databases:
        waits = measure(name)
        yield at_most("mail → receipt, median", name, waits[len(waits) // 2], goal=1, unit="s")
        last = waits[int(len(waits) * 0.99)]
        yield at_most("mail → receipt, 99 %", name, last, goal=2, unit="s")


def main() -> None:
    print(HEAD)
    for result in results(tuple(sys.argv[1:]) or ("sqlite", "postgresql")):
        print(result)


if __name__ == "__main__":
    main()
