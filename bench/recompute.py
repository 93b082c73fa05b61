"""A calendar is edited: how fast open cases follow, and what a mail waits meanwhile."""

from __future__ import annotations

import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.intake import take_in
from bench.mails import mixed_mails
from bench.site import USER, measured_site
from mailflow.bootstrap import assemble
from mailflow.casework.desk import Desk
from mailflow.casework.recompute_clocks import recompute_some
from mailflow.casework.record_decision import Pen
from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.case.clock import CaseClock
from mailflow.core.policy.decision import Decision
from mailflow.keys.case_ids import case_ref
from mailflow.store.batch import Batch
from mailflow.store.session import transaction
from mailflow.workers.scheduler import BREATH_SECONDS

if TYPE_CHECKING:
    from mailflow.bootstrap import Runtime
    from tests.servers.dovecot import Dovecot

CASES = 100_000
_AT_ONCE = 500
_OPENED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def fill(runtime: Runtime, count: int) -> None:
    """Open cases with two running clocks each, written as casework writes them."""
    office = runtime.office
    house = office.house()
    for start in range(0, count, _AT_ONCE):
        pen = Pen(Batch(), Desk(office, house), office.clock.now(), [])
        with transaction(runtime.engine) as connection:
            for number in range(start, min(start + _AT_ONCE, count)):
                pen.write_case(_open_case(number))
            pen.save(connection)


def _open_case(number: int) -> Decision:
    uid = f"{number * 2654435761 % 2**32:08x}{number:024x}"
    case = Case(
        uid=uid,
        ref=f"{case_ref(uid)}{number:x}"[:16],
        state=State.ASSIGNED,
        risk=Risk.LOW,
        case_class=CaseClass.LOW,
        category="time_off_eligibility",
        team="hr-ops",
        owner="hana.handler@acme.example",
        requester=f"person{number % 400}@acme.example",
        opened_at=_OPENED,
        mailbox="hr",
    )
    due = _OPENED + timedelta(days=1)
    clocks = tuple(CaseClock(name, _OPENED, due) for name in ("first_response", "resolve"))
    return Decision(None, case=case, opens_case=True, new_clocks=clocks)


def _mail_in(runtime: Runtime, dovecot: Dovecot, waits: list[float], done: threading.Event) -> None:
    """One mail after the other, until the clocks are done: how long each took to become a case."""
    for raw in mixed_mails(10_000, tag="during"):
        if done.is_set():
            return
        dovecot.deliver_files(USER, [raw])
        start = time.perf_counter()
        take_in(runtime)
        waits.append(time.perf_counter() - start)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    print("| database | open cases | recomputed/s | longest wait of a mail |\n|---|---|---|---|")
    for name in ("sqlite", "postgresql"):
        with measured_site(name) as (runtime, dovecot, _relay):
            recompute_some(runtime.office)
            fill(runtime, count)
            path = runtime.home / "rules" / "calendars.yaml"
            path.write_text(path.read_text().replace("09:00-17:00", "08:00-16:00"))
            again = assemble(runtime.home, environ={"IMAP_PASSWORD": "pw"})
            waits: list[float] = []
            done = threading.Event()

            thread = threading.Thread(target=_mail_in, args=(again, dovecot, waits, done))
            thread.start()
            start = time.perf_counter()
            while recompute_some(again.office):
                time.sleep(BREATH_SECONDS)
            rate = count / (time.perf_counter() - start)
            done.set()
            thread.join()
            again.close()
            print(f"| {name} | {count:,} | {rate:,.0f} | {max(waits):.2f} s |")


if __name__ == "__main__":
    main()
