"""One conversation in one case: the acknowledgement in its thread, answers by address and by
Message-ID, and strangers who come by either way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.events import EventKind
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
STRANGER = "sam.stranger@example.com"


def open_riyas_case(site: Site) -> EmailMessage:
    """Riya asks about her pay; returns the acknowledgement she got."""
    site.deliver(
        write_mail(
            RIYA, "Paycheck October", "There is a mistake on my payslip.", message_id="<a@c>"
        )
    )
    assert site.run()
    (receipt,) = site.sent_to(RIYA)
    return receipt


def test_the_acknowledgement_of_a_verified_employee_stays_in_their_thread(site: Site) -> None:
    receipt = open_riyas_case(site)
    assert receipt["Subject"] == "Re: Paycheck October"
    assert receipt["In-Reply-To"] == "<a@c>"
    assert receipt["References"] == "<a@c>"
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert site.case().case.ref in text_of(receipt)
    assert site.clock_of("acknowledge").met_at is not None


def test_a_reply_to_the_acknowledgement_reaches_the_owner(site: Site) -> None:
    receipt = open_riyas_case(site)
    site.relay.clear()
    site.deliver(
        write_mail(
            RIYA, "Re: Paycheck October", "Here is my October payslip.", to=str(receipt["Reply-To"])
        )
    )
    site.run()
    loaded = site.case()
    (notice,) = site.sent_to(loaded.case.owner)
    assert "Here is my October payslip." in text_of(notice)
    assert site.told() == {loaded.case.owner}
    assert site.ledger() == ["case", "reply"]
    assert [m.text.strip() for m in site.conversation(loaded) if m.direction == "in"] == [
        "There is a mistake on my payslip.",
        "Here is my October payslip.",
    ]


def test_a_reply_that_kept_only_the_message_id_joins_too(site: Site) -> None:
    receipt = open_riyas_case(site)
    site.relay.clear()
    site.deliver(
        write_mail(
            RIYA, "my pay", "Here is my October payslip.", in_reply_to=str(receipt["Message-ID"])
        )
    )
    site.run()
    (notice,) = site.sent_to(site.case().case.owner)
    assert "Here is my October payslip." in text_of(notice)


@pytest.mark.parametrize("field", ["References", "In-Reply-To"])
def test_answers_to_a_mail_that_never_came_to_us_join_each_other(site: Site, field: str) -> None:
    """Colleagues write among themselves with us in copy: only what they answer is in common."""
    for text in ("There is a mistake on my payslip.", "I found the October payslip."):
        site.deliver(write_mail(RIYA, "Re: pay", text, headers=[(field, "<never-seen@c>")]))
        site.run()
    assert len(site.cases()) == 1
    assert len(site.conversation(site.case())) >= 2


def test_an_unverified_reply_by_message_id_alone_is_held_for_the_owner(site: Site) -> None:
    receipt = open_riyas_case(site)
    site.deliver(
        write_mail(
            RIYA, "my pay", "I changed banks.", in_reply_to=str(receipt["Message-ID"]),
            verified=False,
        )
    )  # fmt: skip
    site.run()
    assert site.ledger() == ["case", "held"]
    assert len(site.cases()) == 1


def test_a_stranger_who_has_the_reply_address_is_held(site: Site) -> None:
    receipt = open_riyas_case(site)
    site.relay.clear()
    site.deliver(write_mail(STRANGER, "Re: Paycheck", "Pay it to me.", to=str(receipt["Reply-To"])))
    site.run()
    loaded = site.case()
    assert site.ledger() == ["case", "held"]
    assert "Pay it to me." not in [m.text.strip() for m in site.conversation(loaded)]
    assert EventKind.MAIL_HELD in [event.kind for event in site.events(loaded)]
    assert STRANGER not in site.told()
    assert [dict(row) for row in site.rows("SELECT state, case_uid FROM held_items")] == [
        {"state": "waiting", "case_uid": loaded.case.uid}
    ]


def test_a_guessed_reference_in_a_subject_opens_a_case_of_its_own(site: Site) -> None:
    open_riyas_case(site)
    ref = site.case().case.ref
    site.deliver(write_mail(STRANGER, f"Re: HR case {ref}", f"About {ref}: any news?"))
    site.run()
    by_requester = {one.case.requester: one for one in site.cases()}
    assert set(by_requester) == {RIYA, STRANGER}
    riyas = by_requester[RIYA]
    assert riyas.case.ref == ref
    assert len(site.conversation(riyas)) == 2  # her mail and the acknowledgement


def test_a_reply_that_overtakes_the_mail_it_answers_waits_for_it(site: Site) -> None:
    site.deliver(
        write_mail(RIYA, "Re: Travel", "Here is the second page.", in_reply_to="<trip@c>"),
        write_mail(RIYA, "Travel", "My expense claim was refused.", message_id="<trip@c>"),
    )
    site.run()
    loaded = site.case()
    received = [m for m in site.conversation(loaded) if m.direction == "in"]
    assert len(received) == 2
    assert loaded.case.category == "expense_reimbursement"
    assert site.ledger() == ["reply", "case"]
