"""Loops and floods: what must not be answered, what must not be answered for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.conversation import reply_to
from tests.acceptance.site import ALIAS, text_of, write_mail
from tests.attacks.stage import ERIN, EVE, RIYA, Row, Stage, find_accepted, find_leaks, find_lost

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.servers
ROBOT = "erik.ek@acme.example"

_MARKS = (
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated",
    "Auto-Submitted: auto-notified; owner-email=x@evil.example",
    "AUTO-SUBMITTED: Auto-Replied (vacation)",
    "Precedence: bulk",
    "Precedence: list",
    "Precedence: junk",
    "Precedence: auto_reply",
    "X-Autoreply: yes",
    "X-Autorespond: yes",
    "X-Autoresponder: yes",
    "X-Auto-Response-Suppress: All",
    "X-Auto-Response-Suppress: OOF, AutoReply",
    "X-Loop: hr@acme.example",
    "List-Id: <all.acme.example>",
    "List-Unsubscribe: <mailto:out@evil.example>",
    "X-FC-MachineGenerated: true",
    "X-MS-Exchange-Inbox-Rules-Loop: hr@acme.example",
)
_MACHINES = (
    "mailer-daemon@evil.example",
    "MAILER-DAEMON@evil.example",
    "postmaster@evil.example",
    "no-reply@evil.example",
    "noreply@evil.example",
    "do-not-reply@evil.example",
)
_ABSENT = (
    "Out of Office: Paycheck",
    "Automatic reply: your mail",
    "Automatische Antwort: Ihre Nachricht",
    "Abwesenheitsnotiz",
    "Réponse automatique : absent",
    "Respuesta automática: ausente",
)


def marked() -> Iterator[Row]:
    for mark in _MARKS:
        raw = write_mail(EVE, f"Marked {mark}", "I am a machine.")
        yield Row(mark, mark.encode() + b"\r\n" + raw)
    for machine in _MACHINES:
        yield Row(machine, write_mail(machine, f"From {machine}", "I am a machine."))
    for subject in _ABSENT:
        yield Row(subject, write_mail(EVE, subject, "I am away."))
    for ours in (ALIAS, "HR@acme.example", "hr+abc@acme.example"):
        raw = write_mail(ours, f"From ourselves {ours}", "Paycheck is short.")
        yield Row(f"from {ours}", raw)


def floods() -> Iterator[Row]:
    for n in range(12):
        yield Row(f"one sender {n}", write_mail("flo@flood.example", f"Flood {n}", f"Why? {n}"))
    for n in range(36):
        raw = write_mail(f"p{n}@domain.example", f"Domain {n}", f"Why? {n}")
        yield Row(f"one domain {n}", raw)
    for n in range(4):
        raw = write_mail(f"q{n}@silent.example", f"Forged {n}", f"Why? {n}", verified=False)
        yield Row(f"unproven {n}", raw)


def test_machines_get_no_answer_and_floods_a_few(stage: Stage) -> None:
    honest = [
        Row(f"honest {n}", write_mail(RIYA, f"Parking {n}", f"Where? {n}"), is_honest=True)
        for n in range(15)
    ]
    machines, flood = list(marked()), list(floods())
    rows = [*honest[:8], *machines, *flood, *honest[8:]]

    became = stage.run(rows)

    assert find_accepted(stage, rows, became) == []
    assert find_lost(rows, became) == []
    strangers = {f"p{n}@domain.example" for n in range(36)} | {"flo@flood.example"}
    assert find_leaks(stage, insiders=(RIYA, ERIN, *strangers)) == []
    fate = dict(zip((row.name for row in rows), became, strict=True))
    assert {fate[row.name] for row in honest} == {"case"}
    answered = [kept.recipients[0] for kept in stage.site.relay.envelopes]
    assert answered.count("flo@flood.example") == 5
    assert sum(one.endswith("@domain.example") for one in answered) == 30
    assert answered.count(RIYA) == 15
    senders = {kept.sender for kept in stage.site.relay.envelopes if "flood" in kept.recipients[0]}
    assert senders == {""}


def test_two_robots_that_answer_each_other_fall_silent(stage: Stage) -> None:
    """A colleague's machine answers each mail of ours, and says nowhere that it is one."""
    owner = stage.pay.case.owner
    notice = stage.pay_notice
    counts = []
    for n in range(8):
        before = len(stage.site.relay.envelopes)
        stage.talk.write(
            owner,
            "I am on leave and read my mails next week.",
            to=stage.note_address,
            subject=f"Re: mail {n}",
            answers=None,
        )
        stage.talk.pass_time(timedelta(seconds=20))
        counts.append(len(stage.site.relay.envelopes) - before)
    assert counts[0] > 0
    assert counts[3:] == [0] * 5
    stage.talk.pass_time(timedelta(hours=20))
    before = len(stage.site.relay.envelopes)
    stage.talk.write(owner, "I am on leave and read my mails next week.", to=stage.note_address)
    assert len(stage.site.relay.envelopes) == before
    stage.talk.write(owner, "#note\n\nBack again.", to=reply_to(notice))
    assert "note" in text_of(stage.talk.last_to(owner))


def test_two_robots_are_not_passed_on_to_each_other(stage: Stage) -> None:
    owner = stage.pay.case.owner
    away = "I am on leave and read my mails next week."
    mine = reply_to(stage.last(RIYA, stage.pay.case.ref))
    for n in range(6):
        stage.talk.write(RIYA, away, to=mine, subject=f"Re: {n}")
        notice = stage.last(owner, stage.pay.case.ref)
        stage.talk.write(owner, "We are closed today.", to=reply_to(notice), subject=f"Re: x {n}")
        stage.talk.pass_time(timedelta(minutes=2))
    letters = [m for m in stage.site.sent_to(RIYA) if "closed today" in text_of(m)]
    assert len(letters) <= 3
