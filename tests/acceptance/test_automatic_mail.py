"""Mail from machines is never answered; what speaks of something serious still opens a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.events import EventKind
from tests.acceptance.site import write_mail

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"

_BOUNCE = """\
Return-Path: <>
From: Mail Delivery System <mailer-daemon@mx.example.com>
To: {reverse_path}
Subject: Undelivered Mail Returned to Sender
Date: Tue, 24 Nov 2026 09:05:00 +0000
Message-ID: <bounce-1@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

From: HR Support <hr@acme.example>
To: {recipient}
Message-ID: {message_id}
Subject: Re: Paycheck October

--b--
"""

OUT_OF_OFFICE = write_mail(
    RIYA, "Automatic reply: Paycheck", "I am away.", headers=[("Auto-Submitted", "auto-replied")]
)
NEWSLETTER = write_mail(
    "news@vendor.example",
    "Ten tips for payroll",
    "Read on.",
    headers=[("List-Unsubscribe", "<mailto:off@vendor.example>"), ("Precedence", "bulk")],
)
LIST_MAIL = write_mail(
    "pat@example.org",
    "[hr-forum] paycheck tools",
    "Which tool do you use?",
    headers=[("List-Id", "<hr-forum.example.org>")],
)


@pytest.mark.parametrize(
    ("mail", "disposition"),
    [(OUT_OF_OFFICE, "auto_reply"), (NEWSLETTER, "list"), (LIST_MAIL, "list")],
    ids=["out of office", "newsletter", "mailing list"],
)
def test_automatic_mail_gets_no_answer_and_no_case(
    site: Site, mail: bytes, disposition: str
) -> None:
    site.deliver(mail)
    site.run()
    assert site.ledger() == [disposition]
    assert site.cases() == []
    assert site.relay.envelopes == ()


def test_a_complaint_through_a_web_form_opens_a_case_that_nobody_acknowledges(site: Site) -> None:
    form = "no-reply@forms.example"
    site.deliver(
        write_mail(
            form,
            "Form 12 submitted",
            "My supervisor sexually harassed me.",
            headers=[("Auto-Submitted", "auto-generated")],
        )
    )
    site.run()
    loaded = site.case()
    assert loaded.case.category == "harassment_discrimination"
    assert form not in site.told()
    assert loaded.case.owner in site.told()
    assert site.clock_of("acknowledge").closed_reason == "not_applicable(automatic_mail)"


def test_an_out_of_office_reply_to_our_acknowledgement_goes_on_record_unanswered(
    site: Site,
) -> None:
    site.deliver(write_mail(RIYA, "Paycheck October", "There is a mistake on my payslip."))
    site.run()
    (receipt,) = site.sent_to(RIYA)
    site.relay.clear()
    site.deliver(
        write_mail(
            RIYA,
            "Automatic reply: Re: Paycheck October",
            "I am away.",
            to=str(receipt["Reply-To"]),
            in_reply_to=str(receipt["Message-ID"]),
            headers=[("Auto-Submitted", "auto-replied")],
        )
    )
    site.run()
    kinds = [event.kind for event in site.events(site.case())]
    assert site.ledger() == ["case", "auto_reply"]
    assert EventKind.AUTOMATIC_MAIL_RECEIVED in kinds
    assert EventKind.MESSAGE_RECEIVED not in kinds
    assert site.relay.envelopes == ()


def test_mail_through_our_own_list_is_a_persons(site: Site) -> None:
    site.change_settings("poll_seconds: 1", "poll_seconds: 1\n    list_ids: [hr-all.acme.example]")
    site.deliver(
        write_mail(
            RIYA,
            "Paycheck October",
            "There is a mistake on my payslip.",
            headers=[("List-Id", "HR <hr-all.acme.example>"), ("Precedence", "list")],
        )
    )
    site.run()
    assert site.ledger() == ["case"]
    assert len(site.sent_to(RIYA)) == 1


def test_a_bounced_acknowledgement_surfaces_on_its_case_as_a_broken_promise(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Paycheck October", "There is a mistake on my payslip."))
    site.run()
    (kept,) = (e for e in site.relay.envelopes if e.recipients == (RIYA,))
    (receipt,) = site.sent_to(RIYA)
    assert site.clock_of("acknowledge").met_at is not None
    site.relay.clear()
    bounce = _BOUNCE.format(
        reverse_path=kept.sender, recipient=RIYA, message_id=receipt["Message-ID"]
    )
    site.deliver(bounce.replace("\n", "\r\n").encode())
    site.run()
    loaded = site.case()
    acknowledge = site.clock_of("acknowledge")
    assert site.ledger() == ["case", "bounce"]
    assert EventKind.MAIL_BOUNCED in [event.kind for event in site.events(loaded)]
    assert acknowledge.breached_at is not None
    assert acknowledge.met_at is None
    assert site.told() == {loaded.case.owner}


def test_a_bounce_of_the_owners_notice_is_told_to_whoever_owns_what_nobody_else_can(
    site: Site,
) -> None:
    site.deliver(write_mail(RIYA, "Paycheck October", "There is a mistake on my payslip."))
    site.run()
    owner = site.case().case.owner
    (kept,) = (e for e in site.relay.envelopes if e.recipients == (owner,))
    (notice,) = site.sent_to(owner)
    site.relay.clear()
    bounce = _BOUNCE.format(
        reverse_path=kept.sender, recipient=owner, message_id=notice["Message-ID"]
    )
    site.deliver(bounce.replace("\n", "\r\n").encode())
    site.run()
    fallback = site.runtime.office.house().staff.fallback_owner
    assert fallback != owner
    assert site.told() == {fallback}
    assert site.clock_of("acknowledge").met_at is not None


def test_a_bounce_that_lost_our_message_id_is_found_by_its_reverse_path(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Paycheck October", "There is a mistake on my payslip."))
    site.run()
    (kept,) = (e for e in site.relay.envelopes if e.recipients == (RIYA,))
    bounce = _BOUNCE.format(
        reverse_path=kept.sender, recipient=RIYA, message_id="<rewritten@mx.example.com>"
    )
    site.deliver(bounce.replace("\n", "\r\n").encode())
    site.run()
    assert EventKind.MAIL_BOUNCED in [event.kind for event in site.events(site.case())]
    assert site.clock_of("acknowledge").breached_at is not None


def test_a_bounce_of_somebody_elses_mail_touches_no_case(site: Site) -> None:
    site.deliver(write_mail(RIYA, "Paycheck October", "There is a mistake on my payslip."))
    site.run()
    forged = _BOUNCE.format(
        reverse_path="hr@acme.example", recipient=RIYA, message_id="<forged@mx.example.com>"
    )
    site.deliver(forged.replace("\n", "\r\n").encode())
    site.run()
    assert site.ledger() == ["case", "bounce"]
    assert EventKind.MAIL_BOUNCED not in [event.kind for event in site.events(site.case())]
    assert site.clock_of("acknowledge").breached_at is None
