"""One site for a whole family of hostile mails: two honest cases, then everything at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import getaddresses
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from tests.acceptance.commands import write_small_rules
from tests.acceptance.conversation import Talk, reply_to
from tests.acceptance.site import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from email.message import EmailMessage

    from mailflow.store.cases import LoadedCase
    from tests.acceptance.site import Site

RIYA = "riya.rao@acme.example"
ERIN = "erin.evans@acme.example"
EVE = "eve@evil.example"
SECRET_OF_RIYA = "my paycheck is short because of the overtime of the turbine project"
SECRET_OF_ERIN = "I was sexually harassed by a colleague in the calibration lab"
EVIL = ("evil.example", "<script", "onerror", "JINJA", "DROP TABLE")

_JOINS = {"reply", "note", "command"}
_OUR_FIELDS = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "reply-to",
    "auto-submitted",
    "x-auto-response-suppress",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
}


@dataclass(frozen=True)
class Row:
    """``may`` are dispositions that are right for it beside those that every mail may have."""

    name: str
    raw: bytes
    is_honest: bool = False
    may: frozenset[str] = frozenset()


@dataclass
class Stage:
    """``pay`` is Riya's case and ``complaint`` Erin's; ``note_address`` is for internal notes of
    the owner of ``pay``.
    """

    site: Site
    talk: Talk
    pay: LoadedCase
    complaint: LoadedCase
    note_address: str
    before: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def pay_notice(self) -> EmailMessage:
        return self.last(self.pay.case.owner, self.pay.case.ref)

    @property
    def complaint_notice(self) -> EmailMessage:
        return self.last(self.complaint.case.owner, self.complaint.case.ref)

    def last(self, who: str, ref: str) -> EmailMessage:
        return next(mail for mail in reversed(self.site.sent_to(who)) if ref in text_of(mail))

    def token_of(self, mail: EmailMessage) -> str:
        return reply_to(mail).partition("+")[2].partition("@")[0]

    def run(self, rows: Sequence[Row]) -> list[str]:
        """What became of each, by position. Everything that is due is done."""
        known = len(self.site.ledger())
        self.before = {
            loaded.case.uid: _facts(self.after(loaded)) for loaded in (self.pay, self.complaint)
        }
        self.site.relay.clear()
        self.site.deliver(*(row.raw for row in rows))
        for _ in range(3):
            self.site.run()
        return self.site.ledger()[known:]

    def after(self, loaded: LoadedCase) -> LoadedCase:
        return next(one for one in self.site.cases() if one.case.uid == loaded.case.uid)


def open_stage(site: Site) -> Stage:
    write_small_rules(site)
    talk = Talk(site, site.steer())
    talk.write(RIYA, f"Hello,\n\n{SECRET_OF_RIYA}.\n\nRiya", subject="Paycheck")
    (pay,) = site.cases()
    talk.write(pay.case.owner, "#note\n\nI look into it.", answers=talk.last_to(pay.case.owner))
    note_address = reply_to(talk.last_to(pay.case.owner))
    talk.write(ERIN, f"{SECRET_OF_ERIN}. He made unwanted advances.", subject="A complaint")
    complaint = next(one for one in site.cases() if one.case.uid != pay.case.uid)
    return Stage(site, talk, pay, complaint, note_address)


def find_accepted(stage: Stage, rows: Sequence[Row], became: Sequence[str]) -> list[str]:
    """Hostile mails that joined a case or commanded, and cases that are not as they were."""
    wrong = [
        f"{row.name}: {what}"
        for row, what in zip(rows, became, strict=True)
        if not row.is_honest and what in _JOINS - row.may
    ]
    for loaded in (stage.pay, stage.complaint):
        before = stage.before[loaded.case.uid]
        wrong += [
            f"{loaded.case.ref} has another {name}: {before[name]} before, now {value}"
            for name, value in _facts(stage.after(loaded)).items()
            if before[name] != value
        ]
    return wrong


def find_lost(rows: Sequence[Row], became: Sequence[str]) -> list[str]:
    """Mails without a disposition; the lists are of one length by then."""
    done = {
        *("case", "reply", "note", "command", "auto_reply", "auto_generated", "bounce", "list"),
        *("report", "duplicate", "held", "quarantined"),
    }
    return [
        f"{row.name}: {what}" for row, what in zip(rows, became, strict=True) if what not in done
    ]


def find_leaks(stage: Stage, *, insiders: Iterable[str]) -> list[str]:
    """Mails that say a secret to somebody it is not for, or carry what an attacker wrote where
    it could act. ``insiders`` may have mail beside the staff.
    """
    site = stage.site
    staff = {a for one in site.runtime.office.house().staff.people for a in one.addresses}
    wrong: list[str] = []
    for kept in site.relay.envelopes:
        (recipient,) = kept.recipients
        (mail,) = [m for m in site.sent_to(recipient) if m.as_bytes() and _is(m, kept.raw)][:1]
        about = f"{mail['Subject']} to {recipient}"
        if recipient not in staff and recipient not in set(insiders):
            wrong.append(f"{about}: a mail to a stranger")
        readable = mail.as_string()
        if recipient not in staff:
            wrong += [f"{about}: says {secret!r}" for secret in _secrets_in(mail)]
        wrong += [f"{about}: {fault}" for fault in find_faults(mail, readable)]
    return wrong


def _secrets_in(mail: EmailMessage) -> list[str]:
    words = " ".join(text_of(mail).split())
    return [secret for secret in (SECRET_OF_RIYA, SECRET_OF_ERIN) if secret in words]


def find_faults(mail: EmailMessage, readable: str) -> list[str]:
    """What no mail of ours may have in its head or its HTML, whoever wrote what it shows."""
    faults = [f"field {name}" for name in mail if name.lower() not in _OUR_FIELDS]
    faults += [f"{name} twice" for name in _OUR_FIELDS if len(mail.get_all(name, [])) > 1]
    if len(getaddresses([str(mail["To"])])) != 1:
        faults.append("another recipient")
    # The subject of a known requester is echoed to them; whom it goes to is known.
    shown = [str(value) for name, value in mail.items() if name.lower() not in ("to", "subject")]
    faults += [f"{word} in the head" for word in EVIL if any(word in value for value in shown)]
    html = mail.get_body(("html",))
    if html is not None:
        faults += _find_html_faults(str(html.get_content()))
    faults += [f"{mark} was run" for mark in ("JINJA49", "JINJA 49") if mark in readable]
    return faults


def _find_html_faults(html: str) -> list[str]:
    soup = BeautifulSoup(html, "html.parser")
    forbidden = ("script", "img", "iframe", "form", "object", "embed", "svg", "link", "base")
    faults = [f"<{tag.name}>" for tag in soup.find_all(forbidden)]
    for tag in soup.find_all(name=True):
        faults += [name for name in tag.attrs if name.startswith("on") or name == "src"]
        target = str(tag.attrs.get("href", ""))
        if target and not target.startswith("mailto:"):
            faults.append(f"link to {target[:40]}")
        if "url(" in str(tag.attrs.get("style", "")):
            faults.append("remote style")
    return faults


def _is(mail: EmailMessage, raw: bytes) -> bool:
    return str(mail["Message-ID"]).encode() in raw


def _facts(loaded: LoadedCase) -> dict[str, object]:
    """What no stranger may change: all but versions and what waits for a person."""
    case = loaded.case
    people = {(who.address, who.role.value) for who in loaded.file.participants}
    return {
        "state": case.state,
        "owner": case.owner,
        "risk": case.risk,
        "requester": case.requester,
        "excluded": case.excluded,
        "category": case.category,
        "record": case.record,
        "assigned": case.assigned,
        "people": people,
    }
