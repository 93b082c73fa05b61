"""From a parsed mail to what the rules look at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.core.case.people import Directory, Employee
from mailflow.core.mail.message import Address, Attachment, Forward, Kind, Message
from mailflow.core.policy.rules.facts import AttachmentFacts, SenderFacts, Unreadable
from mailflow.core.policy.rules.mail_facts import facts_of_message, sender_of_message

MESSAGE = Message(
    message_id="a@acme.example",
    in_reply_to=None,
    references=(),
    date=None,
    sender=Address("Ana", "Ana@acme.example"),
    to=(Address(None, "HR@acme.example"),),
    cc=(),
    reply_to=(),
    subject="Leave",
    text="New words\n\nOn Monday HR wrote:\n> old words",
    new_text="New words",
    signature=None,
    kind=Kind.PERSON,
    ack_ok=True,
)


def test_new_text_is_matched_and_the_rest_is_quoted() -> None:
    facts = facts_of_message(MESSAGE)
    assert facts.text == "New words"
    assert "old words" in facts.quoted
    assert "New words" not in facts.quoted
    assert facts.to == ("hr@acme.example",)
    assert facts.unreadable == ()


def test_without_new_text_the_whole_text_is_matched() -> None:
    facts = facts_of_message(replace(MESSAGE, new_text=""))
    assert (facts.text, facts.quoted) == (MESSAGE.text, "")


def test_a_forward_keeps_its_writers_own_lines_apart() -> None:
    forwarded = Forward(sender=None, text="old words")
    facts = facts_of_message(replace(MESSAGE, new_text="", forwarded=forwarded))
    assert (facts.text, facts.forwarded, facts.unreadable) == ("", "old words", ())


PHOTO = Attachment("scan.jpg", "image/jpeg", 9, "00", inline=False)
LOGO = replace(PHOTO, filename="logo.png", inline=True)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"text": "", "new_text": ""}, (Unreadable.EMPTY_TEXT,)),
        ({"text": " ", "new_text": "", "attachments": (PHOTO,)}, (Unreadable.IMAGE_ONLY,)),
        ({"problems": ("encrypted",)}, (Unreadable.ENCRYPTED,)),
        ({"problems": ("unparsable",)}, (Unreadable.UNPARSABLE,)),
        ({"problems": ("text_limit", "part_limit")}, (Unreadable.TEXT_CUT,)),
        ({"problems": ("bad_date",)}, ()),
    ],
)
def test_mail_whose_words_cannot_be_trusted_says_so(
    changes: dict[str, object], reasons: tuple[Unreadable, ...]
) -> None:
    message = replace(MESSAGE, **changes)  # type: ignore[arg-type] # fields by name.
    assert facts_of_message(message).unreadable == reasons


def test_inline_images_are_no_attachments() -> None:
    facts = facts_of_message(replace(MESSAGE, attachments=(PHOTO, LOGO)))
    assert facts.attachments == (AttachmentFacts("scan.jpg", "image/jpeg", 9),)


def test_machines_are_told_from_people_and_lists() -> None:
    kinds = {kind for kind in Kind if facts_of_message(replace(MESSAGE, kind=kind)).auto_submitted}
    assert kinds == set(Kind) - {Kind.PERSON, Kind.LIST}


def test_the_directory_says_who_the_sender_is() -> None:
    ana = Employee("Ana Abel", "ana@acme.example", title="Nurse", department="Care", country="DE")
    bo = Employee("Bo", "bo@acme.example", manager="ana@acme.example")
    sender = sender_of_message(MESSAGE, Directory((ana, bo)))
    assert sender == SenderFacts(
        address="ana@acme.example",
        name="Ana Abel",
        in_directory=True,
        department="Care",
        title="Nurse",
        country="DE",
        is_manager=True,
    )
    assert sender_of_message(MESSAGE, Directory()) == SenderFacts("ana@acme.example", "Ana")
    assert sender_of_message(replace(MESSAGE, sender=None)) == SenderFacts()
