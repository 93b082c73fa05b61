"""Two mails of one person under much the same subject: two cases, and a hint to who has the
second, unless they may not see the first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.clock import SystemClock
from tests.acceptance.site import text_of, write_mail

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

RIYA = "riya.rao@acme.example"
WRONG_PAY = write_mail(RIYA, "Paycheck of October", "There is a mistake on my payslip.")
STILL_WRONG = write_mail(RIYA, "paycheck, october!", "My payslip is wrong: overtime is missing.")
PROVIDER = "pat.porter@benefitsdesk.example"


def said(mail: EmailMessage) -> str:
    return " ".join(text_of(mail).split())


def test_the_owner_of_the_second_case_is_told_of_the_first(site: Site) -> None:
    site.deliver(WRONG_PAY)
    site.run()
    site.deliver(STILL_WRONG)
    site.run()
    first, second = (loaded.case for loaded in site.cases())
    before, after = site.sent_to(second.owner)
    assert f"This may belong to {first.ref} of " in said(after)
    assert f"#merge {first.ref} joins them" in said(after)
    assert "#merge" not in said(before)
    assert not any(first.ref in said(mail) for mail in site.sent_to(RIYA)[1:])


def test_the_hint_is_there_when_both_mails_come_at_once(site: Site) -> None:
    site.deliver(WRONG_PAY, STILL_WRONG)
    site.run()
    first, second = (loaded.case for loaded in site.cases())
    hints = [said(mail) for mail in site.sent_to(second.owner) if "#merge" in said(mail)]
    assert len(hints) == 1
    assert f"#merge {first.ref}" in hints[0]


def test_no_hint_after_more_than_three_days(site: Site) -> None:
    long_ago = SystemClock().now() - timedelta(days=3, hours=1)
    site.dovecot.deliver(site.user, WRONG_PAY, received=long_ago)
    site.run()
    site.deliver(STILL_WRONG)
    site.run()
    first, second = (loaded.case for loaded in site.cases())
    assert first.opened_at < second.opened_at - timedelta(days=3)
    assert not any("#merge" in said(mail) for mail in site.sent_to(second.owner))


def test_no_hint_to_an_owner_who_may_not_see_the_other_case(site: Site) -> None:
    plan = "How do I enroll in the dental plan during open enrollment?"
    subject = "A question in October"
    site.deliver(write_mail(RIYA, subject, "There is a mistake on my payslip."))
    site.run()
    site.deliver(write_mail(RIYA, subject, plan))
    site.run()
    first, second = (loaded.case for loaded in site.cases())
    assert second.owner == PROVIDER
    (notice,) = site.sent_to(PROVIDER)
    assert first.ref not in said(notice)
    assert "#merge" not in said(notice)
