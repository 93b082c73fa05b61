"""Reply addresses and Message-IDs in the wrong hands: hostile mails among honest ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.conversation import reply_to
from tests.acceptance.site import ALIAS, write_mail
from tests.attacks.stage import (
    ERIN,
    EVE,
    RIYA,
    Row,
    Stage,
    find_accepted,
    find_leaks,
    find_lost,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.servers
OMAR = "omar.ops@acme.example"
CLOSE = "#close outcome: resolved resolution: nothing to do"
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
FORGED_ID = "<mf1.aaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaa@acme.example>"


def mail(name: str, text: str, *, sender: str = EVE, **options: object) -> bytes:
    """Unlike every other: copies would be taken for one mail."""
    return write_mail(sender, f"About {name}", f"{text}\n\n({name})", **options)  # type: ignore[arg-type] # passed on


def with_line(raw: bytes, line: str) -> bytes:
    return line.encode() + b"\r\n" + raw


def mutated_tokens(token: str) -> Iterator[tuple[str, str]]:
    for place in range(0, 31, 3):
        other = BASE32[(BASE32.index(token[place]) + 1) % 32]
        yield f"digit {place}", token[:place] + other + token[place + 1 :]
    yield "cut", token[:-1]
    yield "longer", f"{token}a"
    yield "bounce form", f"b{token}"
    yield "half", f"{token[:15]}{token[:16]}"
    yield "zeros", "a" * 31
    yield "kelvin sign", token.replace("k", "\N{KELVIN SIGN}", 1) if "k" in token else f"{token}é"


def foreign_hands(stage: Stage) -> Iterator[Row]:
    """A good reply address that comes back from somebody else."""
    mine = stage.last(RIYA, stage.pay.case.ref)
    owner = stage.pay.case.owner
    for sender in (EVE, ERIN, OMAR, "riya.rao@evil.example", "riya.rao@sub.acme.example"):
        for verified in (True, False):
            name = f"employee's address from {sender} {verified}"
            yield Row(name, mail(name, CLOSE, sender=sender, to=reply_to(mine), verified=verified))
    to = reply_to(stage.complaint_notice)
    for sender in (EVE, RIYA, ERIN, OMAR, owner):
        if sender != stage.complaint.case.owner:
            name = f"staff's address from {sender}"
            yield Row(name, mail(name, CLOSE, sender=sender, to=to))
    name = "staff's address in Cc"
    yield Row(name, mail(name, CLOSE, cc=to))
    name = "staff's address in capitals"
    yield Row(name, mail(name, CLOSE, to=to.upper()))
    name = "two cases in one mail"
    yield Row(name, mail(name, CLOSE, to=to, cc=reply_to(mine)))
    name = "two cases from their holder"
    yield Row(name, mail(name, "x", sender=RIYA, to=reply_to(mine), cc=to))


def spoilt_addresses(stage: Stage) -> Iterator[Row]:
    """Nearly a good address, sent by the person to whom the good one belongs."""
    token = stage.token_of(stage.last(RIYA, stage.pay.case.ref))
    for name, other in mutated_tokens(token):
        to = f"hr+{other}@acme.example"
        raw = mail(name, "Any news?", sender=RIYA, to=ALIAS)
        yield Row(name, raw.replace(f"To: {ALIAS}".encode(), f"To: {to}".encode()))
    written = {
        "another alias": f"it+{token}@acme.example",
        "another domain": f"hr+{token}@evil.example",
        "a sub-domain": f"hr+{token}@x.acme.example",
        "a dot at the end": f"hr+{token}@acme.example.",
        "two plus signs": f"hr+x+{token}@acme.example",
        "a route": f"@evil.example:hr+{token}@acme.example.evil.example",
        "display name": f'"hr+{token}@acme.example" <{ALIAS}>',
        "comment": f"{ALIAS} (hr+{token}@acme.example)",
    }
    for name, to in written.items():
        raw = mail(name, "Any news?", sender=EVE, to=ALIAS)
        yield Row(name, raw.replace(f"To: {ALIAS}".encode(), f"To: {to}".encode()))
    address = f"hr+{token}@acme.example"
    for name, line in (
        (
            "lower Received",
            f"Received: from a by b for <{address}>; Tue, 24 Nov 2026 09:00:00 +0000",
        ),
        ("Reply-To", f"Reply-To: {address}"),
        ("X-Original-To", f"X-Original-To: {address}"),
        ("Sender", f"Sender: {address}"),
        ("Resent-To", f"Resent-To: {address}"),
    ):
        yield Row(name, with_line(mail(name, CLOSE, sender=EVE), line))
    yield Row("in the text", mail("in the text", f"Send it to {address}"))
    name = "in the subject"
    yield Row(name, write_mail(EVE, f"Re: {address}", CLOSE))


def borrowed_ids(stage: Stage) -> Iterator[Row]:
    """Message-IDs that strangers saw, guessed or made up; and the case's number."""
    notice, pay = stage.complaint_notice, stage.pay_notice
    for sender in (EVE, RIYA, OMAR):
        for about in (notice, stage.last(ERIN, stage.complaint.case.ref)):
            name = f"{sender} answers {about['Message-ID']}"
            raw = mail(name, CLOSE, sender=sender, in_reply_to=str(about["Message-ID"]))
            yield Row(name, raw)
    for name, known in {
        "forged id of our shape": FORGED_ID,
        "one digit of an id": str(pay["Message-ID"]).replace("@", "a@"),
        "id of another domain": str(pay["Message-ID"]).replace("acme.example", "evil.example"),
    }.items():
        yield Row(name, mail(name, "Any news?", sender=RIYA, in_reply_to=known))
    name = "our own id as theirs"
    yield Row(name, mail(name, CLOSE, message_id=str(pay["Message-ID"])))
    for ref in (stage.pay.case.ref, stage.complaint.case.ref):
        for where in (f"[{ref}]", f"Re: HR case {ref}"):
            yield Row(where, write_mail(EVE, where, f"{CLOSE}\n{ref}"))
        name = f"attached {ref}"
        yield Row(name, mail(name, "see", attach=(f"{ref}.pdf", ref.encode())))
    name = "joins by Cc"
    yield Row(name, mail(name, "Please keep me in copy.", cc=f"{RIYA}, {EVE}"))


def forged_bounces(stage: Stage) -> Iterator[Row]:
    """A notice to staff must not be stopped by somebody who has seen its Message-ID."""
    known = str(stage.complaint_notice["Message-ID"])
    token = stage.token_of(stage.complaint_notice)
    for name, to, original in (
        ("bounce of another recipient", ALIAS, known),
        ("bounce of a forged id", ALIAS, FORGED_ID),
        ("bounce to a reply address", f"hr+b{token}@acme.example", FORGED_ID),
    ):
        yield Row(name, write_bounce(name, to=to, original=original, failed="x@evil.example"))


def write_bounce(name: str, *, to: str, original: str, failed: str) -> bytes:
    return (
        f"From: mailer-daemon@evil.example\r\nTo: {to}\r\nSubject: Undelivered ({name})\r\n"
        f"Date: Tue, 24 Nov 2026 09:00:00 +0000\r\nMessage-ID: <{abs(hash(name))}@evil.example>\r\n"
        "MIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such person.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; evil.example\r\n\r\n"
        f"Final-Recipient: rfc822; {failed}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\n\r\n--b--\r\n"
    ).encode()


def honest(stage: Stage) -> Iterator[tuple[Row, str]]:
    """With what must become of each."""
    mine = stage.last(RIYA, stage.pay.case.ref)
    for n in range(5):
        name = f"new question {n}"
        yield Row(name, mail(name, "Where may I park?", sender=RIYA), is_honest=True), "case"
    for n in range(5):
        name = f"answer {n}"
        raw = mail(name, f"One thing more, {n}.", sender=RIYA, to=reply_to(mine))
        yield Row(name, raw, is_honest=True), "reply"
    for n in range(3):
        name = f"answer by id {n}"
        raw = mail(name, f"And {n}.", sender=RIYA, in_reply_to=str(mine["Message-ID"]))
        yield Row(name, raw, is_honest=True), "reply"
    name = "note of the owner"
    to = reply_to(stage.pay_notice)
    owner = stage.pay.case.owner
    yield Row(name, mail(name, "#note\n\nLook.", sender=owner, to=to), is_honest=True), "note"


def test_no_address_and_no_id_works_in_other_hands(stage: Stage) -> None:
    good = list(honest(stage))
    hostile = [
        *foreign_hands(stage),
        *spoilt_addresses(stage),
        *borrowed_ids(stage),
        *forged_bounces(stage),
    ]
    rows = [good[-1][0], *hostile, *(row for row, _ in good[:-1])]
    assert len(hostile) >= 48
    assert len({row.name for row in rows}) == len(rows)

    became = stage.run(rows)

    assert len(became) == len(rows)
    assert find_accepted(stage, rows, became) == []
    assert find_lost(rows, became) == []
    assert find_leaks(stage, insiders=(RIYA, ERIN, OMAR, EVE)) == []
    right = {row.name: what for row, what in good}
    fate = dict(zip((row.name for row in rows), became, strict=True))
    assert {name: fate[name] for name in right} == right
    kinds = [event.kind for event in stage.site.events(stage.after(stage.complaint))]
    assert "mail_bounced" not in kinds
