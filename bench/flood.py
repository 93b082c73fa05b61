"""5,000 mails at once, the urgent complaint last: how soon somebody is told of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench.mails import mixed_mails
from bench.product import count, running_product, use_relay, wait_until
from bench.result import HEAD, Result, at_most
from bench.sink import bare_sink
from bench.site import USER, measured_site
from tests.acceptance.site import write_mail

if TYPE_CHECKING:
    from collections.abc import Iterator

MAILS = 5_000
GOAL_SECONDS = 60
_ESCALATED = "SELECT count(*) FROM outbox WHERE template = 'escalation' AND state = 'sent'"
_STARTED = "SELECT count(*) FROM heartbeats WHERE name = 'mailbox:hr'"
_COMPLAINT = write_mail(
    "riya.rao@acme.example",
    "Complaint of sexual harassment",
    "My supervisor sexually harassed me on Friday. Please help me.",
)


def measure(database: str, *, mails: int = MAILS) -> float:
    """Seconds from the complaint's arrival until an escalation was taken by the relay."""
    with measured_site(database) as (site, dovecot, relay), bare_sink() as sink:
        use_relay(site.home, old_port=relay.port, new_port=sink.port)
        with running_product(site.home):
            wait_until(lambda: count(site, _STARTED) > 0)
            dovecot.deliver_files(USER, [*mixed_mails(mails), _COMPLAINT])
            return wait_until(lambda: count(site, _ESCALATED) > 0)


def results(databases: tuple[str, ...] = ("sqlite", "postgresql")) -> Iterator[Result]:
    for name in databases:
        what = f"{MAILS:,} at once, urgent last"
        yield at_most(what, name, measure(name), goal=GOAL_SECONDS, unit="s")


def main() -> None:
    print(HEAD)
    for result in results(tuple(sys.argv[1:]) or ("sqlite", "postgresql")):
        print(result)


if __name__ == "__main__":
    main()
