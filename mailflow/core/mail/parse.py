"""Raw bytes to a Message: every question goes to the module named after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailflow.core.mail.addresses import is_strict_author, read_addresses
from mailflow.core.mail.authentication_results import parse_authentication_results
from mailflow.core.mail.auto_submitted import classify, may_acknowledge
from mailflow.core.mail.body_text import read_body
from mailflow.core.mail.dates import read_date
from mailflow.core.mail.delivery_status import read_bounce
from mailflow.core.mail.encoded_word import decode_words
from mailflow.core.mail.forward import read_forward
from mailflow.core.mail.header_fields import MAX_HEADER_BYTES, Fields, raw_text, read_fields
from mailflow.core.mail.message import Address, Authentication, Kind, Message
from mailflow.core.mail.message_ids import read_id, read_ids
from mailflow.core.mail.part import Part
from mailflow.core.mail.prescan import scan
from mailflow.core.mail.problems import Problem
from mailflow.core.mail.reply_text import cut_reply

if TYPE_CHECKING:
    from datetime import datetime

MAX_SUBJECT_CHARACTERS = 2_000
TRUSTED_HOPS = 2

_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_ONCE = ("subject", "date", "message-id", "to", "cc", "content-type", "reply-to")


def parse_message(raw: bytes, *, trusted_authserv_id: str | None = None) -> Message:
    """What the mail says, never raising on odd bytes: what was odd is in ``problems``.

    Raises UnparsableError above 40 MiB. ``trusted_authserv_id`` is the RFC 8601 name under which
    our own border writes Authentication-Results; without it ``auth`` stays empty.
    """
    problems: set[Problem] = set()
    root = scan(raw, problems)
    fields = root.fields
    body = read_body(root, problems)
    text = body.text
    subject = read_subject(fields, problems)
    reply = cut_reply(text, quoted_lines=body.quoted_lines, signature_lines=body.signature_lines)
    bounce = read_bounce(root, text, subject)
    kind = classify(root, subject, bounce)
    note_field_problems(fields, problems)
    return Message(
        message_id=read_id(fields.text("message-id"), problems),
        in_reply_to=next(iter(read_ids(fields.text("in-reply-to"), problems)), None),
        references=read_ids(fields.text("references"), problems),
        date=_read_date(fields, problems),
        sender=_sender(fields, problems),
        to=_addresses(fields, "to", problems),
        cc=_addresses(fields, "cc", problems),
        reply_to=_addresses(fields, "reply-to", problems),
        subject=subject,
        text=text,
        new_text=reply.new_text,
        signature=reply.signature,
        kind=kind,
        ack_ok=may_acknowledge(root, kind),
        bounce=bounce if kind is Kind.BOUNCE else None,
        forwarded=read_forward(root, text, subject),
        attachments=body.attachments,
        auth=_authentication(fields, trusted_authserv_id),
        problems=tuple(sorted(problem.value for problem in problems)),
        delivered_to=_delivered_to(fields),
        list_id=_list_id(fields),
        texts_differ=body.texts_differ,
    )


def parse_fields_only(raw: bytes) -> Message:
    """What the first 256 KiB say in their header fields, for a mail that cannot be read whole.

    The answer to a parser that died or overran: no text, no answer allowed, ``unparsable``.
    """
    problems = {Problem.UNPARSABLE}
    head = raw[:MAX_HEADER_BYTES]
    fields, _ = read_fields(head, 0, len(head), problems)
    note_field_problems(fields, problems)
    part = Part(fields, b"", 0, 0, "text/plain", {}, 0)
    subject = read_subject(fields, problems)
    return Message(
        message_id=read_id(fields.text("message-id"), problems),
        in_reply_to=next(iter(read_ids(fields.text("in-reply-to"), problems)), None),
        references=read_ids(fields.text("references"), problems),
        date=_read_date(fields, problems),
        sender=_sender(fields, problems),
        to=_addresses(fields, "to", problems),
        cc=_addresses(fields, "cc", problems),
        reply_to=_addresses(fields, "reply-to", problems),
        subject=subject,
        text="",
        new_text="",
        signature=None,
        kind=classify(part, subject, None),
        ack_ok=False,
        problems=tuple(sorted(problem.value for problem in problems)),
        delivered_to=_delivered_to(fields),
        list_id=_list_id(fields),
    )


def _list_id(fields: Fields) -> str | None:
    value = fields.text("list-id")
    if not value:
        return None
    return (value.rpartition("<")[2].partition(">")[0].strip() or None) if "<" in value else value


def read_subject(fields: Fields, problems: set[Problem]) -> str:
    value = fields.text("subject")
    decoded, is_clean = decode_words(value)
    if not is_clean:
        problems.add(Problem.BAD_ENCODED_WORD)
    return _SPACE.sub(" ", decoded).strip()[:MAX_SUBJECT_CHARACTERS]


def note_field_problems(fields: Fields, problems: set[Problem]) -> None:
    if len(fields.pairs) > len(fields.firsts):
        names = [name for name, _ in fields.pairs]
        if any(names.count(name) > 1 for name in _ONCE):
            problems.add(Problem.DUPLICATE_FIELD)
    if not fields.has("message-id"):
        problems.add(Problem.NO_MESSAGE_ID)
    authors = fields.every("from")
    if len(authors) > 1:
        problems.add(Problem.SEVERAL_FROM)
    if authors and not is_strict_author(raw_text(authors[0])):
        problems.add(Problem.FROM_NOT_STRICT)


def _read_date(fields: Fields, problems: set[Problem]) -> datetime | None:
    if not fields.has("date"):
        problems.add(Problem.NO_DATE)
        return None
    date = read_date(fields.text("date"))
    if date is None:
        problems.add(Problem.BAD_DATE)
    return date


def _sender(fields: Fields, problems: set[Problem]) -> Address | None:
    found = _addresses(fields, "from", problems)
    if not found:
        problems.add(Problem.NO_FROM)
        return None
    if len(found) > 1:
        problems.add(Problem.SEVERAL_FROM)
    return found[0]


def _addresses(fields: Fields, name: str, problems: set[Problem]) -> tuple[Address, ...]:
    values = fields.every(name)
    if not values:
        return ()
    if name == "from":
        values = values[:1]
    return read_addresses(", ".join(raw_text(value) for value in values), problems)


def _authentication(fields: Fields, trusted_authserv_id: str | None) -> Authentication:
    """The first verdict a method, from the trusted border's own fields (RFC 8601 5).

    Fields below the second Received stood there before the border saw the mail. A field that
    breaks off counts for nothing here: a sender's text may have broken it.
    """
    verdicts: dict[str, str] = {}
    hops = 0
    for name, value in fields.pairs if trusted_authserv_id else ():
        hops += name == "received"
        if hops > TRUSTED_HOPS:
            break
        if name != "authentication-results":
            continue
        field = parse_authentication_results(value)
        if field.authserv_id != trusted_authserv_id or field.is_malformed:
            continue
        for result in field.results:
            verdicts.setdefault(result.method, result.result)
    return Authentication(verdicts.get("dkim"), verdicts.get("spf"), verdicts.get("dmarc"))


def _delivered_to(fields: Fields) -> tuple[str, ...]:
    found: list[str] = []
    for name, value in fields.pairs:
        if name == "received":
            break
        if name in ("delivered-to", "x-original-to"):
            found.append(raw_text(value).strip().strip("<>"))
    return tuple(dict.fromkeys(found))
