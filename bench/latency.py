"""From a mail's delivery into the mailbox to its acknowledgement at the relay, at 5 mails/s."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING

from bench.product import running_product, use_relay, wait_until
from bench.result import HEAD, Result, at_most
from bench.sink import bare_sink
from bench.site import USER, measured_site
from mailflow.clock import SystemClock
from tests.acceptance.site import write_mail
from tests.failure.accounts import SENDERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bench.sink import Sink

MAILS = 300
_EVERY_SECONDS = 0.2
_WARM = 20


def measure(database: str, *, mails: int = MAILS) -> list[float]:
    """Seconds of each mail, ascending."""
    clock = SystemClock()
    delivered: dict[str, datetime] = {}
    answered: dict[str, datetime] = {}
    with measured_site(database) as (site, dovecot, relay), bare_sink() as sink:
        use_relay(site.home, old_port=relay.port, new_port=sink.port)
        with running_product(site.home):
            dovecot.deliver_files(USER, _questions(_WARM, first=mails))
            wait_until(lambda: sink.count() >= _WARM)
            for raw in _questions(mails):
                start = time.monotonic()
                delivered[str(message_from_bytes(raw)["Message-ID"])] = clock.now()
                dovecot.deliver_files(USER, [raw])
                time.sleep(max(_EVERY_SECONDS - (time.monotonic() - start), 0))

            def are_all_answered() -> bool:
                answered.update(_receipts(sink))
                return delivered.keys() <= answered.keys()

            wait_until(are_all_answered, timeout_seconds=120)
    waits = [answered[known] - at for known, at in delivered.items()]
    return sorted(wait / timedelta(seconds=1) for wait in waits)


def _questions(count: int, *, first: int = 0) -> list[bytes]:
    """Of employees whom the border vouches for: each gets its receipt."""
    return [
        write_mail(
            f"{SENDERS[number % len(SENDERS)]}@acme.example",
            f"Question {number}",
            f"There is a mistake on my payslip.\n\nNumber {number}.",
        )
        for number in range(first, first + count)
    ]


def _receipts(sink: Sink) -> dict[str, datetime]:
    """When the receipt for each Message-ID was taken."""
    mails = [(message_from_bytes(one.raw), one.at) for one in sink.taken()]
    return {
        str(mail["In-Reply-To"]): at
        for mail, at in mails
        if mail["Auto-Submitted"] == "auto-replied"
    }


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
