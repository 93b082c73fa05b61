"""Is it a bounce, whom does it concern, and for good or for now (RFC 3464 and its many elders)."""

from __future__ import annotations

import email
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from flufl.bounce import all_failures

from mailflow.core.mail.addresses import read_addresses
from mailflow.core.mail.automatic_words import is_out_of_office
from mailflow.core.mail.bounce_recipients import (
    Notice,
    add_single_status,
    is_permanent,
    make_notice,
    read_likely_recipients,
    read_sure_recipients,
)
from mailflow.core.mail.bounce_words import (
    BOUNCE_SUBJECT_STEMS,
    BOUNCE_SUBJECTS,
    DAEMON_LOCAL_PARTS,
    DAEMON_NAMES,
    DELAY_SENTENCES,
    FAILURE_SENTENCES,
    WEAK_SUBJECTS,
)
from mailflow.core.mail.enclosed_original import (
    original_message_id,
    read_original,
    retold_message_id,
    split_notice,
)
from mailflow.core.mail.header_fields import Fields, raw_text
from mailflow.core.mail.message import Address, Bounce, BouncedRecipient
from mailflow.core.mail.message_ids import read_id, read_ids
from mailflow.core.mail.status_report import (
    MAX_DIAGNOSTIC_CHARACTERS,
    StatusReport,
    read_status_report,
)
from mailflow.core.mail.subject_prefix import is_forward_subject, is_reply_subject

if TYPE_CHECKING:
    from mailflow.core.mail.part import Part

MAX_SCANNED_CHARACTERS = 20_000

_SUCCESS = frozenset({"delivered", "relayed", "expanded", "deliverable"})
_OTHER_REPORTS = frozenset({"disposition-notification", "feedback-report"})


def read_bounce(root: Part, text: str, subject: str) -> Bounce | None:
    """The bounce, or None when the mail is none; a success notice (RFC 3461 NOTIFY) is none."""
    fields = root.fields
    report = read_status_report(root) if _may_hold_report(root, text) else None
    has_report = report is not None and bool(report.recipients)
    if not has_report and not _may_be_notice(root, subject):
        return None
    lines = text[:MAX_SCANNED_CHARACTERS].split("\n")
    if report is not None and has_report:
        return _from_report(report, root, lines)
    notice_lines, original_lines = split_notice(lines)
    original = read_original(root, original_lines)
    if not is_bounce_notice(root, text, subject, has_original=original is not None):
        return None
    notice = make_notice(notice_lines, _own_addresses(fields))
    recipients = add_single_status(_find_recipients(fields, notice, notice_lines, original), notice)
    is_delay = _says(notice_lines, DELAY_SENTENCES)
    if is_delay:
        recipients = tuple(replace(one, action=one.action or "delayed") for one in recipients)
    return Bounce(
        recipients,
        is_permanent(recipients, is_delay=is_delay),
        _original_id(fields, original, notice_lines),
    )


def _from_report(report: StatusReport, root: Part, lines: list[str]) -> Bounce | None:
    bounced = tuple(one for one in report.recipients if one.action not in _SUCCESS)
    if not bounced:
        return None
    notice_lines, original_lines = split_notice(lines)
    original = read_original(root, original_lines)
    return Bounce(
        bounced,
        is_permanent(bounced, is_delay=False),
        _original_id(root.fields, original, notice_lines),
    )


def _original_id(fields: Fields, original: Fields | None, notice_lines: list[str]) -> str | None:
    """From the enclosed original, else as retold, else what the notice answers (Exchange)."""
    found = original_message_id(original) or retold_message_id(notice_lines)
    if found is not None and found == read_id(fields.text("message-id"), set()):
        found = None  # a notice that quotes its own head
    if found is None:
        answered = read_ids(fields.text("in-reply-to") or fields.text("references"), set())
        found = answered[-1] if answered else None
    return found


def _may_hold_report(root: Part, text: str) -> bool:
    return bool(root.children) or "inal-Recipient:" in text[:MAX_SCANNED_CHARACTERS]


def is_success_report(root: Part) -> bool:
    """A notice that everything arrived, or was passed on (RFC 3464 2.3.3)."""
    report = read_status_report(root) if root.children else None
    return (
        report is not None
        and bool(report.recipients)
        and all(one.action in _SUCCESS for one in report.recipients)
    )


def author_of(fields: Fields) -> Address | None:
    """The first mailbox of From, read from at most 1,000 characters."""
    return _read_author(fields.text("from")[:1000])


@lru_cache(maxsize=64)
def _read_author(value: str) -> Address | None:
    return next(iter(read_addresses(value, set())), None)


def is_daemon(fields: Fields) -> bool:
    """Whether the sender is a mail server by its address or its name."""
    author = author_of(fields)
    if author is None:
        value = fields.text("from")[:1000].strip().lower()
        return value == "<>" or "mailer-daemon" in value or "postmaster" in value
    return _is_daemon_author(author)


@lru_cache(maxsize=64)
def _is_daemon_author(author: Address) -> bool:
    local = author.address.partition("@")[0].lower().strip('"')
    name = (author.name or "").lower()
    return (
        local in DAEMON_LOCAL_PARTS
        or local.startswith(("mailer-daemon", "postmaster", "mailerdaemon"))
        or any(word in name for word in DAEMON_NAMES)
    )


def has_null_path(fields: Fields) -> bool:
    """Whether the reverse-path is empty (RFC 5321 4.5.5) or a daemon's."""
    for value in fields.every("return-path"):
        path = raw_text(value).strip().lower()
        if path in ("<>", "", "<#@[]>", "<>>") or "mailer-daemon" in path or "postmaster" in path:
            return True
    return False


def _report_type(root: Part) -> str:
    if root.content_type != "multipart/report":
        return ""
    return root.parameters.get("report-type", "delivery-status").lower()


def _may_be_notice(root: Part, subject: str) -> bool:
    """The cheap first look: without any of these signs no text makes a bounce."""
    fields = root.fields
    return (
        _has_bounce_subject(subject, weak=True)
        or is_daemon(fields)
        or has_null_path(fields)
        or fields.has("x-failed-recipients")
        or bool(_report_type(root))
    )


def is_bounce_notice(root: Part, text: str, subject: str, *, has_original: bool) -> bool:
    """Two signs of different kinds are needed, so that no person's mail about mail is one."""
    fields = root.fields
    report_type = _report_type(root)
    says_failure = _says([text[:MAX_SCANNED_CHARACTERS]], FAILURE_SENTENCES)
    if report_type in _OTHER_REPORTS:
        return "was automatically rejected" in text  # Dovecot sends refusals as read receipts
    if fields.has("x-failed-recipients") or report_type == "delivery-status":
        return True
    has_weak = _has_bounce_subject(subject, weak=True)
    if is_daemon(fields):
        return says_failure or has_original or has_weak
    if is_out_of_office(subject, is_answer=True):
        return False
    has_path = has_null_path(fields)
    if _has_bounce_subject(subject, weak=False):
        return has_path or (says_failure and has_original)
    return has_path and says_failure and (has_original or has_weak)


def _has_bounce_subject(subject: str, *, weak: bool) -> bool:
    lowered = subject.lower()
    if lowered.isascii() and not any(stem in lowered for stem in BOUNCE_SUBJECT_STEMS):
        return False
    if is_forward_subject(subject) or is_reply_subject(subject):
        return False
    found = [words for words in BOUNCE_SUBJECTS if words in lowered]
    return bool(found) if weak else any(words not in _WEAK for words in found)


_WEAK = frozenset(WEAK_SUBJECTS)


def _says(lines: list[str], sentences: tuple[str, ...]) -> bool:
    joined = " ".join(" ".join(lines).lower().split())
    return any(sentence in joined for sentence in sentences)


def _own_addresses(fields: Fields) -> frozenset[str]:
    """Who got the notice and who sent it: neither is the recipient that failed."""
    found: set[str] = set()
    for name in (
        "to",
        "from",
        "delivered-to",
        "x-original-to",
        "reply-to",
        "return-path",
        "sender",
    ):
        for address in read_addresses(fields.text(name)[:4000], set()):
            found.add(address.address.lower())
    return frozenset(found)


def _find_recipients(
    fields: Fields, notice: Notice, lines: list[str], original: Fields | None
) -> list[BouncedRecipient]:
    failed = ", ".join(raw_text(one) for one in fields.every("x-failed-recipients"))
    sure = read_sure_recipients(notice)
    if failed:
        return _merge([one.address for one in read_addresses(failed, set())], sure)
    if sure:
        return sure
    if found := _ask_flufl(fields, lines):
        return _merge(found, read_likely_recipients(notice))
    if found_likely := read_likely_recipients(notice):
        return found_likely
    if original is None:
        return []
    return [
        BouncedRecipient(address.address, diagnostic=_first_reason(lines))
        for address in read_addresses(original.text("to")[:4000], set())
        if "@" in address.address
    ]


def _first_reason(lines: list[str]) -> str | None:
    said = " ".join(line.strip() for line in lines if line.strip())
    return said[:MAX_DIAGNOSTIC_CHARACTERS] or None


def _merge(addresses: list[str], described: list[BouncedRecipient]) -> list[BouncedRecipient]:
    by_address = {one.address.lower(): one for one in described}
    unique = dict.fromkeys(address for address in addresses if address)
    return [by_address.get(one.lower(), BouncedRecipient(one)) for one in unique]


def _ask_flufl(fields: Fields, lines: list[str]) -> list[str]:
    """flufl.bounce on a flat copy of 500 short lines: its patterns trust the text they search."""
    message = email.message_from_string("Content-Type: text/plain\n\n")
    message["From"] = fields.text("from")[:200].replace("\n", " ")
    message["Subject"] = fields.text("subject")[:200].replace("\n", " ")
    message.set_payload("\n".join(line[:300] for line in lines[:500]))
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - a detector that trips over a mail has no answer for it
        return []
    own = _own_addresses(fields)
    found = [address.decode("ascii", "replace") for address in (*temporary, *permanent)]
    return sorted(one for one in found if "@" in one and one.lower() not in own)
