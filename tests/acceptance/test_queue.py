"""Many mails at once: batches of them come out as each mail would alone, at the same price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from mailflow.casework.process_message import BATCH_SIZE, process_waiting
from mailflow.casework.rules_ahead import RulesAhead
from mailflow.intake.mailbox import MailboxSession
from mailflow.intake.parse_pool import ParsePool
from mailflow.intake.receive import receive_new
from mailflow.workers.poller import Poller
from mailflow.workers.reading import MailReader
from tests.acceptance.site import write_mail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.acceptance.site import Site

RIYA = "riya.rao@acme.example"
QUESTIONS = (
    ("Payslip", "my paycheck for October is short by 120 EUR.", "payroll_discrepancy"),
    ("Landlord", "could you please confirm my employment for the landlord?", None),
    ("Days", "how many vacation days do I have left this year?", "time_off_eligibility"),
)


def deliver(site: Site, count: int, *, first: int = 0) -> None:
    for number in range(first, first + count):
        subject, text, _ = QUESTIONS[number % len(QUESTIONS)]
        site.deliver(write_mail(RIYA, f"{subject} {number}", f"Hello, {text} ({number})"))


def receive(site: Site) -> None:
    (account,) = site.runtime.accounts
    session = MailboxSession(account.imap)
    for _ in receive_new(site.runtime.intake, session, mailbox=account.name):
        pass
    session.close()


@pytest.fixture
def pool() -> Iterator[ParsePool]:
    with ParsePool(workers=1) as shared:
        yield shared


def test_a_queue_that_is_read_ahead_becomes_the_cases_that_its_mails_make_alone(
    site: Site, pool: ParsePool
) -> None:
    count = 2 * BATCH_SIZE + 10
    deliver(site, count)
    (account,) = site.runtime.accounts
    with RulesAhead() as rules:
        read = MailReader(site.runtime, pool, rules)
        Poller(site.runtime, account, read=read, ring=lambda _: None).look_once()
    opened = site.rows("SELECT category FROM cases ORDER BY uid")
    assert len(opened) == count
    expected = [QUESTIONS[number % len(QUESTIONS)][2] for number in range(count)]
    for category in ("payroll_discrepancy", "time_off_eligibility"):
        found = [row["category"] for row in opened].count(category)
        assert found == expected.count(category)


def statements_for_a_batch(site: Site, pool: ParsePool, mails: int, *, first: int) -> int:
    deliver(site, mails, first=first)
    receive(site)
    (account,) = site.runtime.accounts
    read = MailReader(site.runtime, pool)
    counted: list[str] = []

    def count(*arguments: object) -> None:
        counted.append(str(arguments[2]))

    event.listen(site.runtime.engine, "before_cursor_execute", count)
    try:
        progress = process_waiting(site.runtime.office, read, mailbox=account.name)
    finally:
        event.remove(site.runtime.engine, "before_cursor_execute", count)
    assert progress.decided == mails
    return len(counted)


def test_a_batch_of_fifty_takes_as_many_statements_as_one_of_three(
    site: Site, pool: ParsePool
) -> None:
    statements_for_a_batch(site, pool, 3, first=0)  # from now on some have written before
    few = statements_for_a_batch(site, pool, 3, first=3)
    many = statements_for_a_batch(site, pool, BATCH_SIZE, first=6)
    assert many <= few
