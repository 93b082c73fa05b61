"""The forwarded original inside a mail: pasted below a header block, or enclosed as a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailflow.core.mail.addresses import read_addresses
from mailflow.core.mail.body_text import read_body
from mailflow.core.mail.dates import read_date
from mailflow.core.mail.encoded_word import decode_words
from mailflow.core.mail.forward_date import read_local_date
from mailflow.core.mail.header_fields import raw_text
from mailflow.core.mail.message import Address, Forward
from mailflow.core.mail.prescan import scan
from mailflow.core.mail.reply_text.header_block import (
    HeaderBlock,
    find_labels,
    read_header_block,
    read_label,
)
from mailflow.core.mail.reply_text.labels import Role
from mailflow.core.mail.reply_text.separators import announces_forward, announces_original, is_rule
from mailflow.core.mail.status_report import walk_parts
from mailflow.core.mail.subject_prefix import is_forward_subject, is_reply_subject
from mailflow.core.mail.transfer_encoding import decode_part
from mailflow.errors import UnparsableError

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.mail.part import Part

MAX_LINES = 5_000
MAX_LINES_TO_HEADER = 8
MAX_PEOPLE = 100

_RFC_DATE = re.compile(r"\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? [+-]\d{4}")
_PERSON_ADDRESS = re.compile(r"[^\s<>\[\]()\",;:]{1,128}@[^\s<>\[\]()\",;:]{1,255}")
_MAILTO_TWICE = re.compile(r"<mailto:[^<>]{1,400}>")


def read_forward(root: Part, text: str, subject: str) -> Forward | None:
    """The forward, or None. Replies quote with the same header blocks: a block counts as forward
    when a line announces it, the subject says so, or the mail answers nothing.
    """
    is_forward = is_forward_subject(subject, finnish="Lähettäjä" in text)
    answers = (
        is_reply_subject(subject) or root.fields.has("in-reply-to") or root.fields.has("references")
    )
    may_be_forward = is_forward or not answers
    if labels := find_labels(text, MAX_LINES):
        lines = text.split("\n", MAX_LINES)[:MAX_LINES]
        block = _find_announced(lines, labels, is_forward=is_forward)
        if block is None and may_be_forward:
            block = _find_block(lines, labels, is_forward=is_forward)
        if block is not None:
            return _from_block(block, lines)
    if root.children and may_be_forward:
        return _from_enclosed(root, is_forward=is_forward)
    return None


def _find_announced(lines: list[str], labels: list[int], *, is_forward: bool) -> HeaderBlock | None:
    """The block below a line such as ``---------- Forwarded message ---------``."""
    for number in labels:
        if not _is_announced(lines, number, is_forward=is_forward):
            continue
        block = read_header_block(lines, number)
        if block is not None and block.is_acceptable:
            return block
    return None


def _is_announced(lines: list[str], label: int, *, is_forward: bool) -> bool:
    """Whether one of the lines above says that a forward follows; no other label lies between."""
    for number in range(label - 1, max(label - 1 - MAX_LINES_TO_HEADER, -1), -1):
        stripped = lines[number].strip()
        if not stripped:
            continue
        if stripped[-1] in "-_=*:\uff1a~\u2014\u2013\u2500>" and (
            announces_forward(stripped) or (is_forward and announces_original(stripped))
        ):
            return True
        if read_label(lines[number]) is not None:
            return False
    return False


def _find_block(lines: list[str], labels: list[int], *, is_forward: bool) -> HeaderBlock | None:
    for number in labels:
        block = read_header_block(lines, number)
        if block is None:
            continue
        is_below_rule = number > 0 and is_rule(lines[number - 1])
        if block.is_convincing or (is_forward and is_below_rule and block.is_acceptable):
            return block
    return None


def _from_block(block: HeaderBlock, lines: list[str]) -> Forward:
    fields = block.fields
    date = fields.get(Role.DATE, "")
    subject = fields.get(Role.SUBJECT)
    return Forward(
        sender=_read_person(fields.get(Role.FROM, "")),
        to=_read_people(fields.get(Role.TO, "")),
        cc=_read_people(fields.get(Role.CC, "")),
        date=_read_block_date(date),
        subject=subject or None,
        text=_strip_block_quotes(
            lines[block.end :], is_quoted=lines[block.start].lstrip().startswith(">")
        ),
    )


def _read_block_date(value: str) -> datetime | None:
    """A Date field as it was sent, or the client's own way of printing it."""
    if _RFC_DATE.search(value):
        return read_date(value)
    return read_local_date(value) or read_date(value)


def _strip_block_quotes(lines: list[str], *, is_quoted: bool) -> str:
    """Apple quotes what it forwards: one level of marks is taken off."""
    if is_quoted:
        lines = [line.lstrip().removeprefix(">").removeprefix(" ") for line in lines]
    text = "\n".join(lines).strip()
    first, _, rest = text.partition("\n")
    if announces_forward(first):  # Zoho frames the block on both sides
        text = rest.strip()
    rest, _, last = text.rpartition("\n")
    return rest.strip() if announces_forward(last) else text  # mutt says where it ends


def _read_people(value: str) -> tuple[Address, ...]:
    """People as clients print them: ``Eva <eva@x> <mailto:eva@x>``, ``[mailto:eva@x]``, names."""
    if not value:
        return ()
    text = _MAILTO_TWICE.sub("", value) if value.count("@") > 1 else value.replace("<mailto:", "<")
    text = text.replace("[mailto:", "<").replace("[SMTP:", "<").replace("*", "")
    if "<" in text and "]" in text:
        text = text.replace("]", ">")
    if ";" in text:
        people = (_read_person(one) for one in text.split(";")[:MAX_PEOPLE])
        return tuple(person for person in people if person is not None)
    if "@" not in text:
        return (Address(text.strip(" '\""), ""),)
    return tuple(
        _tidy(one) if "@" in one.address else Address((one.name or one.address).strip("'\""), "")
        for one in read_addresses(text, set())
    )


def _read_person(value: str) -> Address | None:
    """One person, whose name may hold a comma: ``Example, Lena [mailto:lena@acme.example]``."""
    text = value.replace("*", "")[:1000]
    match = _PERSON_ADDRESS.search(text)
    if match is None:
        name = text.strip(" '\"<>[]")
        return Address(name, "") if name else None
    name = text[: match.start()].rstrip("<[( ").removesuffix("mailto:").rstrip("<[( ")
    if not name:
        name = text[match.end() :].strip(")>] ").lstrip("(<[") if "(" in text[match.end() :] else ""
    return _tidy(Address(decode_words(name)[0].strip(" '\",") or None, match.group()))


def _tidy(address: Address) -> Address:
    name = (address.name or "").strip(" '\"") or None
    if name is not None and name.lower() == address.address.lower():
        name = None
    return Address(name, address.address.strip("'\""))


def _from_enclosed(root: Part, *, is_forward: bool) -> Forward | None:
    """A message/rfc822 part, as Thunderbird and Outlook forward "as attachment"."""
    if root.content_type in ("multipart/report", "multipart/digest"):
        return None
    enclosed = [part for part in walk_parts(root)[1:] if part.content_type == "message/rfc822"]
    if not enclosed or (len(enclosed) > 1 and not is_forward):
        return None
    try:
        inner = scan(decode_part(enclosed[0], set()), set(), depth=enclosed[0].depth + 1)
    except UnparsableError:
        return None
    fields = inner.fields
    senders = read_addresses(fields.text("from"), set())
    return Forward(
        sender=senders[0] if senders else None,
        to=read_addresses(", ".join(raw_text(value) for value in fields.every("to")), set()),
        cc=read_addresses(", ".join(raw_text(value) for value in fields.every("cc")), set()),
        date=read_date(fields.text("date")),
        subject=" ".join(decode_words(fields.text("subject"))[0].split()) or None,
        text=read_body(inner, set()).text.strip(),
    )
