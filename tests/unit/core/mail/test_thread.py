"""Conversations by header fields alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.core.mail.parse import parse_message
from mailflow.core.mail.thread import group_messages

if TYPE_CHECKING:
    from mailflow.core.mail.message import Message


def mail(
    identifier: str | None = None,
    *,
    answers: str | None = None,
    references: str = "",
    subject: str = "help",
    sender: str = "eva@acme.example",
) -> Message:
    lines = [f"From: {sender}", "To: hr@acme.example", f"Subject: {subject}"]
    if identifier:
        lines.append(f"Message-ID: <{identifier}>")
    if answers:
        lines.append(f"In-Reply-To: <{answers}>")
    if references:
        lines.append("References: " + " ".join(f"<{one}>" for one in references.split()))
    return parse_message(("\n".join(lines) + "\n\nx\n").encode())


def test_an_answer_joins_the_mail_it_answers() -> None:
    assert group_messages([mail("a@x"), mail("b@x", answers="a@x")]) == ((0, 1),)


def test_an_answer_that_arrived_first_joins_too() -> None:
    assert group_messages([mail("b@x", answers="a@x"), mail("a@x")]) == ((0, 1),)


def test_references_join_across_a_missing_mail() -> None:
    assert group_messages([mail("a@x"), mail("c@x", references="a@x b@x")]) == ((0, 1),)


def test_siblings_join_through_an_ancestor_that_was_never_received() -> None:
    first = mail("b@x", references="lost@x")
    second = mail("c@x", references="lost@x", sender="bob@acme.example")
    assert group_messages([first, second]) == ((0, 1),)


def test_equal_subjects_join_nothing() -> None:
    assert group_messages([mail("a@x"), mail("b@x"), mail("c@x")]) == ((0,), (1,), (2,))


def test_reply_prefix_without_reference_joins_nothing() -> None:
    assert group_messages([mail("a@x"), mail("b@x", subject="Re: help")]) == ((0,), (1,))


def test_a_changed_subject_stays_in_its_conversation() -> None:
    answer = mail("b@x", answers="a@x", subject="Something else")
    assert group_messages([mail("a@x"), answer]) == ((0, 1),)


def test_groups_are_in_order_of_arrival() -> None:
    messages = [mail("a@x"), mail("b@x"), mail("c@x", answers="b@x"), mail("d@x", answers="a@x")]
    assert group_messages(messages) == ((0, 3), (1, 2))


def test_a_reused_id_of_another_author_and_subject_joins_nothing() -> None:
    stranger = mail("a@x", subject="Complaint", sender="lena@acme.example")
    assert group_messages([mail("a@x"), stranger]) == ((0,), (1,))


def test_the_same_mail_received_twice_is_one_conversation() -> None:
    assert group_messages([mail("a@x"), mail("a@x")]) == ((0, 1),)


def test_an_address_in_the_reply_field_is_no_message() -> None:
    first = mail("a@x", answers="hr@acme.example")
    second = mail("b@x", answers="hr@acme.example", sender="bob@acme.example")
    assert group_messages([first, second]) == ((0,), (1,))


def test_a_mail_that_names_itself_stays_alone() -> None:
    assert group_messages([mail("a@x", references="a@x"), mail("b@x")]) == ((0,), (1,))


def test_mails_without_ids_stay_alone() -> None:
    assert group_messages([mail(), mail()]) == ((0,), (1,))


def test_a_bounce_joins_the_mail_that_came_back() -> None:
    raw = (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: hr@acme.example\n"
        b"Subject: failure notice\nMessage-ID: <n@mx>\n\n<lena@other.example>:\nno such user\n\n"
        b"--- Below this line is a copy of the message.\n\nReceived: x\nMessage-ID: <a@x>\n"
        b"From: hr@acme.example\nTo: lena@other.example\n\nx\n"
    )
    assert group_messages([mail("a@x"), parse_message(raw)]) == ((0, 1),)


def test_no_mails_make_no_groups() -> None:
    assert group_messages([]) == ()
