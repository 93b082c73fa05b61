from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acceptance.conversation import EMPLOYEE, SHORT_PAY, Talk, reply_name, reply_to
from tests.acceptance.site import Site, text_of, write_mail

pytestmark = pytest.mark.servers
LATER = timedelta(minutes=15)
SECRET = "I believe that she is about to resign and payroll was late on purpose."


@pytest.fixture
def talk(site: Site) -> Talk:
    talk = Talk(site, site.steer())
    talk.write(EMPLOYEE, SHORT_PAY)
    return talk


def test_nothing_that_slips_in_a_staff_mail_reaches_the_employee(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    notice = talk.last_to(owner)

    talk.write(owner, f"#note\n\n{SECRET}", answers=notice)
    note_receipt = talk.last_to(owner)
    assert "NOT sent to the employee" in text_of(note_receipt)
    assert reply_name(note_receipt).startswith("Internal note")

    slips = {
        "phone reply to a note's receipt": ("She will get her money.", note_receipt, None),
        "reply-all": ("We pay it in November.", notice, "boss@acme.example"),
        "mistyped verb": ("#repyl\n\nWe pay it in November.", notice, None),
        "verb in the text": ("Dear Riya,\n#close\nwe pay it.", notice, None),
        "empty reply": ("#reply\n", notice, None),
        "body that quotes a note": (f"#reply\n\nDear Riya,\n{SECRET}", notice, None),
    }
    said = {
        "phone reply to a note's receipt": "NOT sent to the employee",
        "reply-all": "NOT sent: 1 other recipients",
        "mistyped verb": 'did you mean "#reply"?',
        "verb in the text": "stands in the text",
        "empty reply": "there is no text",
        "body that quotes a note": "repeats part of an internal note",
    }
    for name, (text, answers, cc) in slips.items():
        before = talk.count_to(owner)
        talk.write(owner, text, answers=answers, cc=cc)
        assert talk.count_to(owner) == before + 1, f"{name}: one receipt"
        assert said[name] in text_of(talk.last_to(owner)), name
    talk.write(owner, "", html="<p>She will get <b>her money</b>.</p>", answers=talk.last_to(owner))
    assert "NOT sent to the employee" in text_of(talk.last_to(owner))
    talk.pass_time(LATER)
    assert talk.count_to(EMPLOYEE) == 1, "the acknowledgement and nothing else"
    assert SECRET not in "".join(talk.texts_to(EMPLOYEE))


def test_a_reply_to_a_colleagues_note_stays_inside_until_it_is_sent_once(talk: Talk) -> None:
    """The lead reads German; the phone sends the same mail again, and a gateway a copy of it."""
    owner, lead = talk.site.case().case.owner, "paul.petersen@acme.example"
    talk.write(owner, "#assign paul.petersen@acme.example", answers=talk.last_to(owner))
    talk.write(owner, f"#note\n\n{SECRET}", answers=talk.last_to(owner))
    note = talk.last_to(lead)
    assert "Neue interne Notiz" in text_of(note)
    assert SECRET in text_of(note)
    assert reply_name(note).startswith("Interne Notiz")

    phone = write_mail(lead, "Re: note", "She gets it in November.", to=reply_to(note))
    before = talk.count_to(lead)
    talk.deliver_again(phone)
    talk.deliver_again(phone)
    talk.deliver_again(b"Received: from gateway.example\r\n" + phone)
    assert talk.count_to(lead) == before + 1, "one receipt for three copies"
    receipt = talk.last_to(lead)
    assert "NICHT an die Person gesendet" in text_of(receipt)
    talk.pass_time(LATER)
    assert talk.count_to(EMPLOYEE) == 1

    send = write_mail(lead, "Re: receipt", "#send", to=reply_to(receipt))
    talk.deliver_again(send)
    talk.deliver_again(send)
    talk.pass_time(LATER)
    letters = [text for text in talk.texts_to(EMPLOYEE) if "She gets it in November." in text]
    assert len(letters) == 1, talk.texts_to(lead)[-3:]
    assert SECRET not in "".join(talk.texts_to(EMPLOYEE))


def test_a_note_is_promoted_once_and_only_once(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    talk.write(owner, "We pay it in November.", answers=talk.last_to(owner), cc="boss@acme.example")
    receipt = talk.last_to(owner)
    assert "kept as internal note 1" in text_of(receipt)
    talk.write(owner, "#send 1", answers=receipt)
    talk.write(owner, "#send 1", answers=receipt, subject="again")
    assert "sent already" in text_of(talk.last_to(owner))
    talk.pass_time(LATER)
    letters = talk.site.sent_to(EMPLOYEE)[1:]
    assert len(letters) == 1
    assert "We pay it in November." in text_of(letters[0])


def test_a_held_answer_can_be_called_back(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    talk.write(owner, "We never pay.", answers=talk.last_to(owner))
    talk.write(owner, "#cancel", answers=talk.last_to(owner))
    assert "Stopped" in text_of(talk.last_to(owner))
    talk.pass_time(LATER)
    assert talk.count_to(EMPLOYEE) == 1


def test_a_mail_that_only_claims_to_be_from_staff_changes_nothing(talk: Talk) -> None:
    case = talk.site.case().case
    notice = talk.last_to(case.owner)
    before = talk.site.case().case
    talk.write(case.owner, "#close outcome: resolved resolution: x", answers=notice, verified=False)
    talk.write(EMPLOYEE, "#close outcome: resolved resolution: x", answers=notice)
    talk.pass_time(LATER)
    after = talk.site.case().case
    assert (after.state, after.owner, after.record) == (before.state, before.owner, before.record)
    assert talk.count_to(EMPLOYEE) == 1
    held = [mail for mail in talk.site.sent_to(case.owner) if "Did you send" in mail["Subject"]]
    assert len(held) == 1, "the owner is asked at the address in the directory"


def test_an_answer_to_the_challenge_lets_the_held_mail_through(talk: Talk) -> None:
    owner = talk.site.case().case.owner
    talk.write(owner, "We pay it in November.", answers=talk.last_to(owner), verified=False)
    challenge = talk.last_to(owner)
    assert "Did you send" in challenge["Subject"]
    talk.pass_time(LATER)
    assert talk.count_to(EMPLOYEE) == 1
    talk.write(owner, "yes", answers=challenge, verified=False)
    talk.site.run()
    talk.pass_time(LATER)
    assert "We pay it in November." in text_of(talk.last_to(EMPLOYEE))
