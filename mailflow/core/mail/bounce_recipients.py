"""Whom a notice without a standard part is about: readers for servers' texts, surest first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mailflow.core.mail.message import BouncedRecipient
from mailflow.core.mail.status_report import STATUS

MAX_NOTICE_LINES = 400
MAX_LINE_CHARACTERS = 1_000
MAX_RECIPIENTS = 100
MAX_DIAGNOSTIC_CHARACTERS = 1_000

_ADDRESS = re.compile(
    r"[^\s<>()\[\]\",;:=@'`*|\uff1a\uff0c\u3002\u3001]{1,64}@[^\s<>()\[\]\",;:=@'`*|!?/\\\uff0c\u3002]{1,255}"
)
_ANGLE_COLON = re.compile(r"\s{0,8}<([^<>\s@]{1,128}@[^<>\s@]{1,255})>(?:\s?\([^()]{0,200}\))?\s?:")
_ALONE = re.compile(
    r"(?:[\s>\-]|\* ){0,20}(?:\(expanded from: |\(generated from |- )?"
    r"[<\[(]?(?:smtp:|mailto:|SMTP:)?"
    r"([^\s<>()\[\]\",;:@]{1,128}@[^\s<>()\[\]\",;:@]{1,255}?)[>\])]?\)?[.:,;]?\s*"
)
_EXCHANGE = re.compile(r"(?:SMTP=([^;\s]{1,300});|^\s*([^\s@]{1,128}@[^\s@]{1,255})) on ")
_NAMED = re.compile(
    r"^[^<>@]{0,80}[<(\[](?:mailto:|smtp:)?([^\s<>()\[\]@:]{1,128}@[^\s<>()\[\]@]{1,255})[>)\]]",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W{0,8}(?:[a-zäöüéèçãõñ']{1,16}[\s-]){0,4}(?:recipients?|address(?:es)?|addressees?|"
    r"rcpt to|rcpt|error-for|"
    r"mailbox|user(?:name)?|account|e-?mail|destinataires?|destinatari[oa]s?|empfänger|adresse|"
    r"ontvanger|"
    r"odbiorca|mottagare|modtager|alıcı|получатель|адрес|to|宛先|收件人)"
    r"(?:\(e?s\))?\W{0,3}[:=]\W{0,6}(?:smtp:|mailto:|rfc822;)?\W{0,3}"
    r"([^\s<>()\[\]\",;:@]{1,128}@[^\s<>()\[\]\",;:@]{1,255})",
    re.IGNORECASE,
)
_RCPT = re.compile(r"rcpt to:\s?<?([^<>\s@]{1,128}@[^<>\s@]{1,255})>?", re.IGNORECASE)
_SMTP_REPLY = re.compile(
    r"\b[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} "
    r")?<?([^<>\s@]{1,128}@[^<>\s@,;:]{1,200}?)>?(?:\.\.\.|[:,]|\s|$)"
)
_SENDMAIL = re.compile(r"^\s{0,8}<?([^<>\s@]{1,128}@[^<>\s@]{1,255}?)>?\.\.\.\s")
_SECTIONS = (
    "permanent fatal errors", "transient non-fatal errors", "addresses had", "following address",
    "following recipient", "following user", "these recipients", "this recipient",
    "not delivered to", "delivered to the following", "failed recipients", "did not reach",
    "undeliverable to", "unable to deliver", "failed addresses", "could not be delivered to",
    "not be delivered to", "couldn't be delivered to", "failed permanently", "generating server",
    "delivery to", "wasn't delivered to", "was not delivered", "empfänger", "destinataire",
    "destinatario", "destinatário", "ontvanger", "odbiorc", "mottagare", "modtager", "mottaker",
    "vastaanottaj", "alıcı", "получател", "宛先", "受信者", "收件人", "folgende", "suivant",
    "siguiente", "seguent", "seguinte", "volgende", "następując", "följande", "følgende", "следующ",
    "rcpt to", "user(s)", "recipient(s)", "your message",
)  # fmt: skip
_NEVER_RECIPIENTS = frozenset({"mailer-daemon", "postmaster", "abuse", "mailerdaemon"})
_SKIPPED = (
    "message-id",
    "msgid",
    "reporting-mta",
    "in-reply-to",
    "references:",
    "return-path",
    "received:",
)
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d(?![\d.])(?:[ -]|: )")


@dataclass(frozen=True)
class Notice:
    """A server's own words, cut to size; ``excluded`` are addresses that cannot be recipients."""

    lines: tuple[str, ...]
    excluded: frozenset[str]

    def admits(self, address: str) -> bool:
        lowered = address.lower()
        local = lowered.partition("@")[0]
        return lowered not in self.excluded and local not in _NEVER_RECIPIENTS


def make_notice(lines: list[str], excluded: frozenset[str]) -> Notice:
    return Notice(
        tuple(line[:MAX_LINE_CHARACTERS] for line in lines[:MAX_NOTICE_LINES]),
        frozenset(address.lower() for address in excluded),
    )


def read_sure_recipients(notice: Notice) -> list[BouncedRecipient]:
    """qmail, Postfix, Yahoo; sendmail's list of addresses; Exim; Exchange and its successors."""
    for reader in (_read_angle_colon, _read_exchange, _read_sections, _read_sendmail):
        if found := reader(notice):
            return found
    return []


def add_single_status(
    recipients: list[BouncedRecipient], notice: Notice
) -> tuple[BouncedRecipient, ...]:
    """A notice about one recipient may give its code anywhere in the text."""
    if len(recipients) != 1 or _says_code(recipients[0]):
        return tuple(recipients)
    for line in notice.lines:
        status = STATUS.search(line)
        if status is not None or _REPLY_CODE.search(line):
            return (
                replace(
                    recipients[0],
                    status=status.group(1) if status else None,
                    diagnostic=line.strip()[:MAX_DIAGNOSTIC_CHARACTERS],
                ),
            )
    return tuple(recipients)


def read_likely_recipients(notice: Notice) -> list[BouncedRecipient]:
    """Labelled addresses, SMTP dialogues, then any address the notice names."""
    for reader in (_read_labels, _read_dialogue, _read_any):
        if found := reader(notice):
            return found
    return []


def _collect(notice: Notice, found: list[tuple[int, str]]) -> list[BouncedRecipient]:
    unique: dict[str, BouncedRecipient] = {}
    for number, address in found[:MAX_RECIPIENTS]:
        clean = address.strip(".,;:<>'\"")
        if not notice.admits(clean):
            continue
        known = unique.get(clean.lower())
        if known is None or not _says_code(known):
            described = _describe(notice, number, clean)
            if known is None or _says_code(described):
                unique[clean.lower()] = described
    return list(unique.values())


def _says_code(recipient: BouncedRecipient) -> bool:
    return recipient.status is not None or bool(_REPLY_CODE.search(recipient.diagnostic or ""))


def _describe(notice: Notice, number: int, address: str) -> BouncedRecipient:
    """What stands beside the address: the rest of its line and the lines up to the next blank."""
    rest = notice.lines[number].partition(address)[2].lstrip("> :.)")
    said = [rest] if rest.strip() else []
    blanks = 0
    for line in notice.lines[number + 1 : number + 8]:
        if not line.strip():
            blanks += 1
            if said or blanks > 1:
                break
            continue
        if _ALONE.fullmatch(line) or _ANGLE_COLON.match(line):
            break
        said.append(line.strip())
    diagnostic = " ".join(said)[:MAX_DIAGNOSTIC_CHARACTERS]
    status = STATUS.search(diagnostic)
    return BouncedRecipient(
        address, status.group(1) if status else None, None, diagnostic.strip() or None
    )


def _read_angle_colon(notice: Notice) -> list[BouncedRecipient]:
    matches = ((n, _ANGLE_COLON.match(line)) for n, line in enumerate(notice.lines))
    return _collect(notice, [(n, match.group(1)) for n, match in matches if match])


def _read_exchange(notice: Notice) -> list[BouncedRecipient]:
    found: list[tuple[int, str]] = []
    is_open = False
    for number, line in enumerate(notice.lines):
        if "did not reach the following" in line.lower():
            is_open = True
        elif is_open and (match := _EXCHANGE.search(line)):
            found.append((number, match.group(1) or match.group(2)))
    return _collect(notice, found)


def _read_sections(notice: Notice) -> list[BouncedRecipient]:
    """Addresses alone on their line, or after a name, below a sentence that announces them."""
    found: list[tuple[int, str]] = []
    lines_left = 0
    for number, line in enumerate(notice.lines):
        lowered = line.lower()
        if lines_left and (match := _ALONE.fullmatch(line) or _read_named(line)):
            found.append((number, match.group(1)))
            lines_left = 12
            continue
        if "@" not in line and any(section in lowered for section in _SECTIONS):
            lines_left = 12
        elif lines_left:
            lines_left -= 1
    return _collect(notice, found)


def _read_named(line: str) -> re.Match[str] | None:
    """``Eva Example <eva@acme.example>``, but no field of the original retold in brackets."""
    return None if _is_skipped(line) else _NAMED.match(line)


def _read_sendmail(notice: Notice) -> list[BouncedRecipient]:
    matches = ((n, _SENDMAIL.match(line)) for n, line in enumerate(notice.lines))
    return _collect(notice, [(n, match.group(1)) for n, match in matches if match])


def _read_labels(notice: Notice) -> list[BouncedRecipient]:
    matches = (
        (n, _LABEL.match(line)) for n, line in enumerate(notice.lines) if not _is_skipped(line)
    )
    return _collect(notice, [(n, match.group(1)) for n, match in matches if match])


def _read_dialogue(notice: Notice) -> list[BouncedRecipient]:
    found: list[tuple[int, str]] = []
    for number, line in enumerate(notice.lines):
        match = _RCPT.search(line) or _SMTP_REPLY.search(line)
        if match:
            found.append((number, match.group(1)))
    return _collect(notice, found)


def _read_any(notice: Notice) -> list[BouncedRecipient]:
    found = [
        (number, match.group())
        for number, line in enumerate(notice.lines)
        if not _is_skipped(line)
        for match in _ADDRESS.finditer(line)
    ]
    return _collect(notice, found)


def _is_skipped(line: str) -> bool:
    lowered = line.lower()
    return any(word in lowered for word in _SKIPPED)


def is_permanent(recipients: tuple[BouncedRecipient, ...], *, is_delay: bool) -> bool | None:
    """By status class, then action, then the reply code in the diagnostic; None if none says."""
    verdicts = [_verdict(recipient) for recipient in recipients]
    known = [verdict for verdict in verdicts if verdict is not None]
    if known:
        return any(known)
    return False if is_delay else None


def _verdict(recipient: BouncedRecipient) -> bool | None:
    if recipient.action == "delayed":
        return False
    if recipient.status:
        return recipient.status.startswith("5")
    if match := _REPLY_CODE.search(recipient.diagnostic or ""):
        return match.group(1) == "5"
    return True if recipient.action in ("failed", "failure", "error") else None
