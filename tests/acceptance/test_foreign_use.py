"""A reply address in other hands: the holder gets a new one and keeps the old; staff's old ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk, reply_to
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from tests.acceptance.site import Site

pytestmark = pytest.mark.servers
PRIYA = "priya.patel@acme.example"
SPOUSE = "sam@home.example"


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    return talk


def last_about(talk: Talk, who: str) -> str:
    return reply_to(talk.last_to(who))


def test_an_employee_whose_address_others_use_gets_a_new_one_and_keeps_the_old(
    talk: Talk,
) -> None:
    old = last_about(talk, EMPLOYEE)
    talk.write(SPOUSE, "Here is my husband's answer.", to=old, subject="Re: Paycheck")
    assert talk.site.ledger()[-1] == "held"
    told = " ".join(text_of(talk.last_to(PRIYA)).split())
    assert SPOUSE in told
    assert EMPLOYEE in told
    assert talk.count_to(SPOUSE) == 0

    talk.write(EMPLOYEE, "It was 80 EUR.", to=old, subject="Re: Paycheck")
    assert talk.site.ledger()[-1] == "reply"
    talk.write(EMPLOYEE, "x", subject=f"Where [status {talk.site.case().case.ref}]", to=old)
    new = last_about(talk, EMPLOYEE)
    assert new != old
    talk.write(EMPLOYEE, "And 20 EUR.", to=new, subject="Re: Paycheck")
    assert talk.site.ledger()[-1] == "reply"
    for address in (old, new):
        talk.write(SPOUSE, f"Hello {address[:9]}", to=address, subject=f"Re: {address[-30:]}")
        assert talk.site.ledger()[-1] == "held"
    generations = talk.site.rows(
        "SELECT DISTINCT generation FROM reply_tokens WHERE audience = 'requester' ORDER BY 1"
    )
    assert [row["generation"] for row in generations][:2] == [0, 1]


def test_staff_whose_address_others_use_cannot_use_the_old_one_any_more(talk: Talk) -> None:
    old = last_about(talk, PRIYA)
    before = talk.site.case().case
    talk.write(SPOUSE, "#close outcome: resolved resolution: x", to=old, subject="Re: Paycheck")
    assert talk.site.ledger()[-1] == "held"
    new = last_about(talk, PRIYA)
    assert new != old
    talk.write(PRIYA, "#note\n\nFrom the old address.", to=old, subject="old")
    assert talk.site.ledger()[-1] == "held"
    talk.write(PRIYA, "#note\n\nFrom the new address.", to=last_about(talk, PRIYA), subject="new")
    assert talk.site.ledger()[-1] == "note"
    assert talk.site.case().case.state in (before.state, "working")
