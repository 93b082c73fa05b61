"""How fast mail comes in when 100,000 cases are stored already, against an empty database."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from bench.intake import take_in
from bench.mails import mixed_mails
from bench.recompute import CASES, fill
from bench.result import HEAD, Result, at_least
from bench.site import USER, measured_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.bootstrap import Runtime
    from tests.servers.dovecot import Dovecot

MAILS = 1_000
_WARMING = 100
GOAL = 0.8


def measure(database: str, *, cases: int = CASES) -> tuple[float, float]:
    """(mails a second beside so many cases, beside none)."""
    with measured_site(database) as (runtime, dovecot, _relay):
        _rate(runtime, dovecot, "warm", mails=_WARMING)
        empty = _rate(runtime, dovecot, "first")
        fill(runtime, cases)
        _rate(runtime, dovecot, "warm-again", mails=_WARMING)
        return _rate(runtime, dovecot, "second"), empty


def _rate(runtime: Runtime, dovecot: Dovecot, tag: str, *, mails: int = MAILS) -> float:
    dovecot.deliver_files(USER, mixed_mails(mails, tag=tag))
    start = time.perf_counter()
    take_in(runtime)
    return mails / (time.perf_counter() - start)


def results(databases: tuple[str, ...] = ("sqlite", "postgresql")) -> Iterator[Result]:
    for name in databases:
        product, empty = measure(name)
        yield at_least(
            f"intake beside {CASES:,} cases", name, product, empty, goal=GOAL, unit="mails/s"
        )


def main() -> None:
    print(HEAD)
    for result in results(tuple(sys.argv[1:]) or ("sqlite", "postgresql")):
        print(result)


if __name__ == "__main__":
    main()
