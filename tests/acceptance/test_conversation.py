from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.case import State
from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk, reply_name, reply_to
from tests.acceptance.site import Site, text_of

if TYPE_CHECKING:
    from email.message import EmailMessage

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


def test_people_in_copy_are_on_record_and_never_written_to(talk: Talk) -> None:
    boss = "wes.walker@acme.example"
    talk.write(EMPLOYEE, SHORT_PAY, cc=f"Wes Walker <{boss}>, friend@mail.example")
    owner = talk.site.case().case.owner
    notice = talk.last_to(owner)
    assert "Other people were copied" in text_of(notice)
    talk.write(owner, "We pay it in November.", answers=notice)
    talk.pass_time(HELD)
    assert "We pay it in November." in text_of(talk.last_to(EMPLOYEE))
    assert not {boss, "friend@mail.example"} & talk.site.told()
    (first, *_) = talk.site.conversation(talk.site.case())
    assert {boss, "friend@mail.example"} <= set(first.copied)


def test_both_sides_keep_one_thread_in_every_mail_client(talk: Talk) -> None:
    """Gmail asks for References and the same subject, Outlook for In-Reply-To, Apple Mail for
    either: every later mail names one that its reader has, and keeps the subject.
    """
    talk.write(EMPLOYEE, SHORT_PAY)
    owner = talk.site.case().case.owner
    for number in range(3):
        talk.write(owner, f"Answer {number}.", answers=newest_message_to(talk, owner))
        talk.pass_time(HELD)
        talk.write(EMPLOYEE, f"And {number}?", answers=talk.last_to(EMPLOYEE))
    letters = talk.site.sent_to(EMPLOYEE)
    assert len({str(letter["Subject"]) for letter in letters}) == 1
    known = {str(letters[0]["Message-ID"]), *str(letters[0]["References"]).split()}
    for letter in letters[1:]:
        named = set(str(letter["References"]).split())
        assert named & known
        known |= {str(letter["Message-ID"]), *named}
    assert all(str(letter["In-Reply-To"]) in str(letter["References"]) for letter in letters)
    notices = talk.site.sent_to(owner)
    assert len({str(notice["References"]).split()[0] for notice in notices[1:]}) == 1
    assert len({str(notice["Subject"]).removeprefix("Re: ") for notice in notices}) == 1


def newest_message_to(talk: Talk, owner: str) -> EmailMessage:
    """The newest mail to the owner that carries words of the employee."""
    return [m for m in talk.site.sent_to(owner) if reply_name(m).startswith("Reply to")][-1]
