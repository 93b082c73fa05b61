from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.clock import SteeredClock
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

_TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def _ask(site: Site, clock: SteeredClock, *texts: str) -> None:
    site.dovecot.deliver_files(
        site.user,
        [
            write_mail("riya.rao@acme.example", f"Question {number}", text)
            for number, text in enumerate(texts)
        ],
        received=clock.now(),
    )
    site.run()


def _nudges(site: Site) -> list[tuple[str, EmailMessage]]:
    return [
        (recipient, message)
        for recipient in sorted({c.case.owner for c in site.cases()})
        for message in site.sent_to(recipient)
    ]


def test_nudges_of_one_person_go_together_and_at_most_once_an_hour(site: Site) -> None:
    clock = SteeredClock(_TUESDAY)
    site.clock = clock
    _ask(
        site,
        clock,
        "How many vacation days do I have left this year?",
        "How many vacation days can I carry over to next year?",
        "What is my PTO balance, and what is the accrual rate?",
        "Am I eligible for sick pay, and how many vacation days do I get?",
    )
    owners = [loaded.case.owner for loaded in site.cases()]
    site.relay.clear()
    clock.advance(timedelta(days=1, hours=3))
    site.run()
    nudges = _nudges(site)
    assert sorted(recipient for recipient, _ in nudges) == sorted(set(owners))
    listed = " ".join(text_of(message) for _, message in nudges)
    assert all(loaded.case.ref in listed for loaded in site.cases())
    site.relay.clear()
    clock.advance(timedelta(minutes=30))
    site.run()
    assert _nudges(site) == []


def test_a_nudge_waits_for_the_morning_of_its_reader(site: Site) -> None:
    clock = SteeredClock(_TUESDAY)
    site.clock = clock
    _ask(site, clock, "How many vacation days do I have left this year?")
    site.relay.clear()
    clock.advance(timedelta(hours=13))
    site.run()
    assert _nudges(site) == []
    clock.advance(timedelta(hours=11))
    site.run()
    assert len(_nudges(site)) == 1
