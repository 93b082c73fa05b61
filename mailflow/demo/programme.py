"""The sample mails in the order of their arrival, and what must become of each."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from mailflow.core.mail.parse import parse_message

if TYPE_CHECKING:
    from datetime import datetime

    from mailflow.core.mail.message import Message

_NOTICE = "thank you for writing"
_MELDUNG = "danke, dass Sie schreiben"
_AVIS = "merci de nous avoir écrit"
_AVISO = "gracias por escribir"


@dataclass(frozen=True)
class Scene:
    """One sample mail. Without ``login`` it comes from outside.

    ``category`` is None where no case may come of it. ``says`` stands in the acknowledgement,
    in the writer's language; None where the writer must hear nothing. ``escalates_to`` must be
    told of the case, ``kept_from`` must not hear a word of it.
    """

    file: str
    what: str
    login: str | None
    category: str | None
    says: str | None
    attachments: tuple[str, ...] = ()
    escalates_to: str | None = None
    kept_from: str | None = None

    @property
    def message(self) -> Message:
        return _parsed(self.file)

    def raw(self, now: datetime) -> bytes:
        """The mail as sent at ``now``, with the line ends of the network."""
        body = _read(self.file).replace("\r\n", "\n").replace("\n", "\r\n")
        return f"Date: {format_datetime(now)}\r\n{body}".encode()


@lru_cache
def _read(name: str) -> str:
    return files("mailflow.demo").joinpath("mails", name).read_text(encoding="utf-8")


@lru_cache
def _parsed(name: str) -> Message:
    return parse_message(_read(name).encode())


ASKER = "ed.ellis@acme.example"
"""Whose acknowledgement is answered in the last scene."""

PROGRAMME = (
    Scene("pay-is-short.eml", "plain question", ASKER, "payroll_discrepancy", _NOTICE),
    Scene(
        "elternzeit.eml",
        "German request",
        "jonas.jung@acme.example",
        "leave_request",
        _MELDUNG,
    ),
    Scene(
        "expenses.eml",
        "two attachments",
        "claire.colin@acme.example",
        "expense_reimbursement",
        _AVIS,
        attachments=("receipts-rotterdam.pdf", "expenses.csv"),
    ),
    Scene("newsletter.eml", "newsletter", None, None, None),
    Scene(
        "complaint.eml",
        "harassment complaint",
        "riya.rao@acme.example",
        "harassment_discrimination",
        _NOTICE,
        escalates_to="helen.hart@acme.example",
        kept_from="henri.huet@acme.example",
    ),
    Scene(
        "new-address.eml",
        "Outlook HTML reply",
        "ana.alvarez@acme.example",
        "documentation_update",
        _AVISO,
    ),
    Scene("out-of-office.eml", "out of office", "wes.walker@acme.example", None, None),
    Scene(
        "dental-plan.eml",
        "for the provider",
        "zoe.zimmer@acme.example",
        "benefits_enrollment",
        _NOTICE,
    ),
    Scene(
        "near-miss.eml",
        "safety, with photo",
        "emil.ernst@acme.example",
        "safety_incident",
        _MELDUNG,
        attachments=("press4.png",),
        escalates_to="helen.hart@acme.example",
    ),
    Scene(
        "forwarded-request.eml",
        "forwarded mail",
        "mia.maurer@acme.example",
        "employment_verification",
        _MELDUNG,
    ),
    Scene("landlord.eml", "stranger outside", None, "employment_verification", None),
    Scene("from-portugal.eml", "policy question", "luc.laurent@acme.example", "remote_work", _AVIS),
    Scene("a-minute.eml", "says nothing", "carmen.cruz@acme.example", "triage", _AVISO),
)

REPLY = """\
Hi,

the two stubs are numbers 2231 and 2245. The missing hours are the night of
the release, 11 pm to 3 am.

Ed
"""


def write_reply(acknowledgement: Message, *, now: datetime) -> tuple[bytes, str]:
    """Ed's answer to his acknowledgement as a mail client sends it, and its recipient."""
    quoted = "\n".join(f"> {line}".rstrip() for line in acknowledgement.text.splitlines())
    to = acknowledgement.reply_to[0].address
    subject = acknowledgement.subject
    lines = (
        f"Date: {format_datetime(now)}",
        f"From: Ed Ellis <{ASKER}>",
        f"To: HR <{to}>",
        f"Subject: {subject if subject.startswith('Re: ') else f'Re: {subject}'}",
        f"Message-ID: <{REPLY_ID}>",
        f"In-Reply-To: <{acknowledgement.message_id}>",
        "References: "
        + " ".join(f"<{i}>" for i in (*acknowledgement.references, acknowledgement.message_id)),
        "User-Agent: Mozilla Thunderbird",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        f"On {now:%m/%d/%y %H:%M}, HR wrote:",
        quoted,
        "",
        REPLY,
    )
    return "\n".join(lines).replace("\n", "\r\n").encode(), to


REPLY_ID = "b1e0c7de-4a90-4f3e-9a51-stubs@acme.example"
