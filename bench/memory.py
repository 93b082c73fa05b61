"""20,000 mails through one process: its memory after the first thousands and at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bench.mails import mixed_mails
from bench.product import count, memory_mib, running_product, use_relay, wait_until
from bench.result import HEAD, Result
from bench.sink import bare_sink
from bench.site import USER, measured_site

if TYPE_CHECKING:
    from collections.abc import Iterator

MAILS = 20_000
_AT_ONCE = 2_000
GOAL = 1.2
_DONE = "SELECT count(*) FROM inbound WHERE state = 'processed'"
_OPEN = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'deferred')"


def measure(database: str, *, mails: int = MAILS) -> tuple[float, float]:
    """MiB after the first 4,000 mails, and after all of them."""
    sizes: list[float] = []
    with measured_site(database) as (site, dovecot, relay), bare_sink() as sink:
        use_relay(site.home, old_port=relay.port, new_port=sink.port)
        with running_product(site.home) as process:
            for start in range(0, mails, _AT_ONCE):
                raws = mixed_mails(_AT_ONCE, tag=f"run{start}", seed=start)
                dovecot.deliver_files(USER, raws)
                done = start + _AT_ONCE
                wait_until(lambda done=done: count(site, _DONE) >= done)  # type: ignore[misc]  # a default binds the loop's value.
                wait_until(lambda: count(site, _OPEN) == 0)
                sizes.append(memory_mib(process.pid))
                sink.taken()
    return sizes[min(1, len(sizes) - 1)], sizes[-1]


def results(databases: tuple[str, ...] = ("sqlite",)) -> Iterator[Result]:
    for name in databases:
        early, late = measure(name)
        yield Result(
            f"memory after {MAILS:,} mails",
            name,
            f"{late:,.0f} MiB",
            f"{early:,.0f} MiB",
            f"{late / early:.2f}",
            f"≤ {GOAL}",
            is_met=late <= early * GOAL,
        )


def main() -> None:
    print(HEAD)
    for result in results(tuple(sys.argv[1:]) or ("sqlite",)):
        print(result)


if __name__ == "__main__":
    main()
