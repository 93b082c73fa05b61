"""Reply addresses end 90 days after their case; opening it again gives them a new life."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import State
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk, reply_to
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from email.message import EmailMessage

    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers

COMPLAINT = "I was sexually harassed by a colleague in the lab. He made unwanted advances."
PRIYA = "priya.patel@acme.example"
PRIYAS_ALIAS = "p.patel@acme.example"
SPOUSE = "sam@home.example"
LATER = timedelta(minutes=15)
LONG_AFTER = timedelta(days=91)


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    talk.write(PRIYA, "#ack", answers=talk.last_to(PRIYA))
    return talk


def close_for_good(talk: Talk) -> EmailMessage:
    """The mail with the outcome, which the employee got; the case is closed, not only resolved."""
    command = "#close outcome: resolved resolution: paid in November"
    talk.write(PRIYA, f"{command}\n\nIt comes in November.", answers=talk.last_to(PRIYA))
    talk.pass_time(LATER)
    talk.pass_time(timedelta(days=12))
    assert talk.site.cases()[0].case.state is State.CLOSED
    return talk.last_to(EMPLOYEE)


def give_alias(site: Site) -> None:
    staff = site.home / "config" / "staff.yaml"
    text = staff.read_text(encoding="utf-8")
    before = f"email: {PRIYA}, "
    assert before in text
    after = text.replace(before, f"{before}other_emails: [{PRIYAS_ALIAS}], ")
    staff.write_text(after, encoding="utf-8")
    site.close()


def events_of(talk: Talk, position: int = 0) -> list[str]:
    return [event.kind for event in talk.site.events(talk.site.cases()[position])]


def test_an_employee_who_writes_to_an_expired_address_begins_a_case_that_follows(
    talk: Talk,
) -> None:
    outcome = close_for_good(talk)
    talk.pass_time(LONG_AFTER)
    before = len(talk.site.conversation(talk.site.case()))
    talk.write(EMPLOYEE, "It is missing again.", to=reply_to(outcome), subject="Pay again")
    old, new = talk.site.cases()
    assert [(link.ref, link.kind) for link in new.case.record.links] == [(old.case.ref, "follows")]
    assert old.case.state is State.CLOSED
    assert len(talk.site.conversation(old)) == before
    assert new.case.ref in text_of(talk.last_to(EMPLOYEE))


def test_thanks_to_an_expired_address_are_filed_and_begin_nothing(talk: Talk) -> None:
    outcome = close_for_good(talk)
    talk.pass_time(LONG_AFTER)
    talk.write(EMPLOYEE, "Thank you!", answers=outcome)
    assert len(talk.site.cases()) == 1


@pytest.mark.parametrize(("days", "is_theirs"), [(88, False), (91, True)])
def test_a_forwarded_address_that_expired_is_like_none(
    talk: Talk, days: int, *, is_theirs: bool
) -> None:
    outcome = close_for_good(talk)
    mails = talk.count_to(PRIYA)
    closed = talk.site.case().case.closed_at
    assert closed is not None
    talk.pass_time(closed + timedelta(days=days) - talk.clock.now())
    talk.write(SPOUSE, "What about the overtime?", to=reply_to(outcome), subject="Overtime")
    assert ("address_renewed" in events_of(talk)) is not is_theirs
    assert len(talk.site.cases()) == 1 + is_theirs
    if is_theirs:
        old, new = talk.site.cases()
        assert new.case.requester == SPOUSE
        assert new.case.record.links == ()
        assert "mail_held" not in events_of(talk)
        assert old.case.ref not in "".join(talk.texts_to(PRIYA)[mails:])


def test_staff_who_answer_an_old_mail_are_told_and_can_open_the_case_again(talk: Talk) -> None:
    close_for_good(talk)
    old = talk.last_to(PRIYA)
    talk.pass_time(LONG_AFTER)
    before = talk.site.case().case
    talk.write(PRIYA, "#reopen reason: it is missing again", answers=old)
    told = talk.last_to(PRIYA)
    assert before.ref in text_of(told)
    assert "nothing was done" in text_of(told)
    assert talk.site.case().case.state is State.CLOSED

    talk.write(PRIYA, "#reopen reason: it is missing again", answers=told)
    assert talk.site.case().case.state is State.WORKING
    talk.write(PRIYA, "#note\n\nThe old address is good again.", answers=old)
    assert "Saved as internal note" in text_of(talk.last_to(PRIYA))


@pytest.mark.parametrize("sender", [PRIYA, PRIYAS_ALIAS])
def test_staff_who_asked_for_themselves_begin_a_case_that_follows(site: Site, sender: str) -> None:
    give_alias(site)
    talk = Talk(site, site.steer())
    talk.write(PRIYA, COMPLAINT, subject="Please help")
    ack = talk.last_to(PRIYA)
    owner = site.case().case.owner
    assert owner not in (None, PRIYA)
    talk.write(owner, "#cancel-case reason: told in person", answers=talk.last_to(owner))
    talk.pass_time(LONG_AFTER)
    talk.write(sender, f"{COMPLAINT} Again.", to=reply_to(ack), subject="Again")
    old, new = talk.site.cases()
    assert [(link.ref, link.kind) for link in new.case.record.links] == [(old.case.ref, "follows")]
    assert old.case.state is State.CANCELLED
    assert "address_expired" not in events_of(talk)


def test_a_case_that_is_closed_again_gives_its_addresses_ninety_days_anew(talk: Talk) -> None:
    close_for_good(talk)
    old = talk.last_to(PRIYA)
    talk.pass_time(timedelta(days=80))
    talk.write(PRIYA, "#reopen reason: it is missing again", answers=old)
    close_for_good(talk)
    talk.pass_time(timedelta(days=75))
    talk.write(PRIYA, "The bank confirmed it.", answers=old)
    assert "dated addendum" in text_of(talk.last_to(PRIYA))


def test_a_cancelled_case_ends_its_addresses_too(talk: Talk) -> None:
    old = talk.last_to(PRIYA)
    talk.write(PRIYA, "#cancel-case reason: not for HR", answers=old)
    assert talk.site.case().case.state is State.CANCELLED
    talk.pass_time(LONG_AFTER)
    talk.write(PRIYA, "#reopen reason: it was for us", answers=old)
    assert talk.site.case().case.state is State.CANCELLED
    assert "nothing was done" in text_of(talk.last_to(PRIYA))


def test_addresses_of_a_merged_case_live_as_long_as_the_one_it_went_into(talk: Talk) -> None:
    first = talk.site.case().case
    talk.write(EMPLOYEE, "My paycheck of September is short, too.", subject="Paycheck September")
    ack = talk.last_to(EMPLOYEE)
    talk.write(PRIYA, f"#merge {first.ref}", answers=talk.last_to(PRIYA))
    talk.pass_time(LONG_AFTER)
    talk.write(EMPLOYEE, "It is 80 EUR in September.", answers=ack)
    assert len(talk.site.cases()) == 2
    assert "80 EUR" in talk.site.conversation(talk.site.cases()[0])[-1].text


def test_a_colleague_without_access_hears_of_no_case(talk: Talk) -> None:
    outcome = close_for_good(talk)
    talk.pass_time(LONG_AFTER)
    pat = "pat.porter@benefitsdesk.example"
    talk.write(pat, "#status", to=reply_to(outcome), subject="Status")
    answer = text_of(talk.last_to(pat))
    assert "could not be matched to a case you can access" in answer
    assert talk.site.case().case.ref not in talk.last_to(pat).as_string()
