"""Who is answered, and how: by what is known of the sender and how sure it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.events import EventKind
from tests.acceptance.site import AUTHSERV, text_of, write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
OUTSIDER = "bo.former@example.com"
TEXT = "There is a mistake on my payslip."


def test_an_unverified_employee_is_acknowledged_without_an_echo(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Paycheck October", TEXT, verified=False))
    site.run()
    (receipt,) = site.sent_to(RIYA)
    assert receipt["Subject"] == f"HR case {site.case().case.ref}"
    assert "Paycheck October" not in text_of(receipt)
    assert TEXT not in text_of(receipt)


def test_a_mail_with_two_authors_opens_a_flagged_case_that_nobody_acknowledges(
    site: Site,
) -> None:
    raw = write_mail(RIYA, "Paycheck October", TEXT)
    site.deliver(b"From: ceo@acme.example\r\n" + raw)
    site.run()
    loaded = site.case()
    assert "maybe_forged" in loaded.case.flags
    assert site.told() == {loaded.case.owner}
    assert site.clock_of("acknowledge").closed_reason == "not_applicable(sender_not_genuine)"


def test_a_mail_that_failed_authentication_opens_a_flagged_case(site: Site) -> None:
    stamp = f"Authentication-Results: {AUTHSERV}; dkim=fail header.d=acme.example; dmarc=fail\r\n"
    site.deliver(stamp.encode() + write_mail(RIYA, "Paycheck", TEXT, verified=False))
    site.run()
    loaded = site.case()
    assert "maybe_forged" in loaded.case.flags
    assert RIYA not in site.told()


def test_an_outsider_without_a_verdict_is_not_acknowledged_and_the_clock_says_why(
    site: Site,
) -> None:
    site.deliver(write_mail(OUTSIDER, "Certificate", TEXT, verified=False))
    site.run()
    loaded = site.case()
    assert OUTSIDER not in site.told()
    assert loaded.case.owner in site.told()
    assert site.clock_of("acknowledge").closed_reason == "not_applicable(sender_unknown)"
    assert EventKind.NOT_ACKNOWLEDGED in [event.kind for event in site.events(loaded)]
    assert not site.rows("SELECT id FROM timers WHERE target = 'acknowledge'")


def test_a_verified_outsider_gets_fixed_words_under_the_null_reverse_path(site: Site) -> None:
    site.deliver(write_mail(OUTSIDER, "Buy pills at evil.example", TEXT))
    site.run()
    (receipt,) = site.sent_to(OUTSIDER)
    assert receipt["Subject"] == f"HR case {site.case().case.ref}"
    assert "evil.example" not in text_of(receipt)
    (kept,) = (e for e in site.relay.envelopes if e.recipients == (OUTSIDER,))
    assert kept.sender == ""


def test_an_outsider_gets_five_acknowledgements_a_day_and_every_mail_its_case(site: Site) -> None:
    site.deliver(*(write_mail(OUTSIDER, f"Certificate {n}", TEXT) for n in range(7)))
    site.run()
    assert len(site.cases()) == 7
    assert len(site.sent_to(OUTSIDER)) == 5


def test_the_budget_holds_over_several_runs(site: Site) -> None:
    for part in range(3):
        site.deliver(*(write_mail(OUTSIDER, f"Note {part}.{n}", TEXT) for n in range(3)))
        site.run()
    assert len(site.cases()) == 9
    assert len(site.sent_to(OUTSIDER)) == 5


def test_an_employee_over_budget_is_not_answered_and_the_clock_keeps_running(site: Site) -> None:
    site.deliver(*(write_mail(RIYA, f"Question {n}", TEXT) for n in range(22)))
    site.run()
    assert len(site.cases()) == 22
    assert len(site.sent_to(RIYA)) == 20
    running = site.rows(
        "SELECT id FROM clocks WHERE target = 'acknowledge'"
        " AND met_at IS NULL AND closed_reason IS NULL"
    )
    assert len(running) == 2
    assert len(site.rows("SELECT id FROM timers WHERE target = 'acknowledge'")) == 2


def test_the_next_day_has_a_budget_of_its_own(site: Site) -> None:
    clock = site.steer()
    site.deliver(*(write_mail(OUTSIDER, f"Certificate {n}", TEXT) for n in range(6)))
    site.run()
    clock.advance(timedelta(days=1))
    site.deliver(write_mail(OUTSIDER, "Certificate once more", TEXT))
    site.run()
    assert len(site.sent_to(OUTSIDER)) == 6
