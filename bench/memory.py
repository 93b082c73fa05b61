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

    from mailflow.bootstrap import Runtime

MAILS = 20_000
_AT_ONCE = 1_000
_BACKLOG = 500
GOAL = 1.2
_DONE = "SELECT count(*) FROM inbound WHERE state = 'processed'"
_OPEN = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'deferred')"


def measure(database: str, *, mails: int = MAILS) -> tuple[float, float]:
    """MiB after the first fifth of the mails, and after all of them; both times nothing waits.

    In between the product never runs dry: the next mails come before the last ones are decided.
    """
    runs = list(range(0, mails, min(_AT_ONCE, mails)))
    sizes: list[float] = []
    with measured_site(database) as (site, dovecot, relay), bare_sink() as sink:
        use_relay(site.home, old_port=relay.port, new_port=sink.port)
        with running_product(site.home) as process:
            for start in runs:
                raws = mixed_mails(_AT_ONCE, tag=f"run{start}", seed=start)
                _wait_for(site, start - _BACKLOG)
                dovecot.deliver_files(USER, raws)
                sink.taken()
                if start in (runs[len(runs) // 5 - 1], runs[-1]):
                    _wait_for(site, start + _AT_ONCE)
                    wait_until(lambda: count(site, _OPEN) == 0)
                    sizes.append(memory_mib(process.pid))
    return sizes[0], sizes[-1]


def _wait_for(site: Runtime, mails: int) -> None:
    """Until so many are decided."""
    wait_until(lambda: count(site, _DONE) >= mails)


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
