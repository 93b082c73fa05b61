from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.core.case.case import State
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk, reply_name, reply_to
from tests.acceptance.site import Site, text_of

pytestmark = pytest.mark.servers
HELD = timedelta(minutes=3)


@pytest.fixture
def talk(site: Site) -> Talk:
    return Talk(site, site.steer())


def test_a_plain_answer_to_the_notification_reaches_the_employee_in_their_thread(
    talk: Talk,
) -> None:
    talk.write(EMPLOYEE, SHORT_PAY)
    case = talk.site.case().case
    notice = talk.last_to(case.owner)
    assert reply_name(notice) == f"Reply to the employee · {case.ref}"

    talk.write(case.owner, "We pay the 200 EUR with the November run.", answers=notice)
    assert talk.count_to(EMPLOYEE) == 1, "it is held, so that #cancel can stop it"
    receipt = talk.last_to(case.owner)
    assert "Goes to the employee at" in text_of(receipt)
    assert "200 EUR with" not in text_of(receipt)

    talk.pass_time(HELD)
    acknowledgement, answer = talk.site.sent_to(EMPLOYEE)
    assert "We pay the 200 EUR with the November run." in text_of(answer)
    assert case.owner not in answer.as_string()
    assert answer["Subject"] == acknowledgement["Subject"] == "Re: Paycheck October"
    assert answer["In-Reply-To"] == acknowledgement["In-Reply-To"]
    assert talk.site.clock_of("first_response").met_at is not None

    talk.write(EMPLOYEE, "Thank you, when is that?", answers=answer)
    again = talk.last_to(case.owner)
    assert "when is that?" in text_of(again)
    assert str(notice["References"]).split()[0] in str(again["References"])
    assert talk.site.case().case.state is State.WORKING


def test_answers_come_back_by_a_sub_domain_that_takes_everything(site: Site) -> None:
    chosen = "reply_domain: reply.acme.example\nreply_addresses: catchall"
    site.change_settings("reply_domain: acme.example", chosen)
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    owner = site.case().case.owner
    notice = talk.last_to(owner)
    assert reply_to(notice).endswith("@reply.acme.example")
    talk.write(owner, "We pay it in November.", answers=notice)
    talk.pass_time(HELD)
    answer = talk.last_to(EMPLOYEE)
    assert "We pay it in November." in text_of(answer)
    talk.write(EMPLOYEE, "Thank you, when is that?", answers=answer)
    assert "when is that?" in text_of(talk.last_to(owner))
    assert len(site.cases()) == 1
