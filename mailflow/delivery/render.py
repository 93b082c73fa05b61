"""From an outbox row to the bytes of a mail: the content matrix decides what it may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.case import CaseClass
from mailflow.core.case.content import Template, allowed_fields, class_to_show
from mailflow.core.case.masking import hide_addresses, mask_fields
from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.core.mail import words
from mailflow.core.mail.compose import OutgoingMail, compose
from mailflow.core.mail.words.notices import say_notice
from mailflow.core.mail.words.receipts import say_receipt
from mailflow.core.policy.advising import advise_about_mailbox, has_named
from mailflow.core.policy.clearing import conflict_steps
from mailflow.core.policy.statutory import waiting_periods
from mailflow.core.policy.targets import Target
from mailflow.core.policy.telling import without
from mailflow.delivery.links import action_links, wish_links
from mailflow.delivery.post_room import SENDER_NAME
from mailflow.keys.token_addresses import reply_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.mail.templates import Rendered
    from mailflow.core.policy.house import House
    from mailflow.delivery.post_room import PostRoom
    from mailflow.store.messages import FiledMessage
    from mailflow.store.outbox import OutboxMail

LONGEST_TEXT = 20_000
BANK_CHANGE = "bank_change"
_DUE_SHOWN = (
    Target.FIRST_RESPONSE,
    Target.NEXT_RESPONSE,
    Target.BEGIN_INVESTIGATION,
    Target.RESOLVE,
)
_NOTE_NAME = {
    "en": "Internal note",
    "de": "Interne Notiz",
    "fr": "Note interne",
    "es": "Nota interna",
}
_REPLY_NAME = {
    "en": "Reply to the employee",
    "de": "Antwort an die Person",
    "fr": "Réponse à la personne",
    "es": "Respuesta a la persona",
}


@dataclass(frozen=True)
class RenderedMail:
    """``text`` is what the mail says, for the record of the case."""

    mail: bytes
    text: str


def render_mail(
    room: PostRoom,
    mail: OutboxMail,
    file: CaseFile,
    shown: FiledMessage | None,
    *,
    also_due: Sequence[Mapping[str, str]] = (),
) -> RenderedMail:
    """The frozen bytes; ``also_due`` are the lines of a digest.

    Raises ValueError when a template uses what the case's class forbids.
    """
    house = room.house()
    now = room.clock.now()
    address = _reply_address(room, mail, file)
    shown_class = class_shown(mail, file, house, now=now)
    named = conflict_steps(file.case, house) if shown_class is not CaseClass.CONFIDENTIAL else ()
    context = _context(mail, file, shown, house, now=now) | {
        "also_due": also_due,
        "actions": action_links(
            mail, file.case, address=address, periods=waiting_periods(file, house), steps=named
        ),
        "links": wish_links(mail, file.case, address=address),
    }
    if _is_for_staff(mail, house):
        context = mask_fields(_without_quick_steps(context, mail, file))
    if shown_class is CaseClass.CONFIDENTIAL and mail.order.template is Template.ALERT:
        context["what"] = hide_addresses(str(context["what"]))
    allowed = allowed_fields(mail.order.template, shown_class)
    rendered = room.templates.render(
        mail.order.template,
        locale=mail.order.locale,
        context={name: value for name, value in context.items() if name in allowed},
    )
    return RenderedMail(_bytes(room, mail, file, rendered, house, now=now), rendered.text)


def _is_for_staff(mail: OutboxMail, house: House) -> bool:
    contact = house.person(mail.order.recipient).is_independent_contact
    return mail.order.audience is Audience.STAFF or contact


def class_shown(mail: OutboxMail, file: CaseFile, house: House, *, now: datetime) -> CaseClass:
    """By which column of the content matrix this mail is written."""
    if not _is_for_staff(mail, house):
        return file.case.case_class
    person = house.person(mail.order.recipient)
    return class_to_show(person, file.case, today=now.astimezone(house.zone).date())


def _without_quick_steps(
    context: dict[str, object], mail: OutboxMail, file: CaseFile
) -> dict[str, object]:
    """Another bank account is never set by a click: somebody calls the person back first."""
    if BANK_CHANGE not in file.case.flags:
        return context
    told = [*_texts(context.get("warnings")), say_notice("call_back", mail.order.locale)]
    return context | {"actions": (), "warnings": told}


def _bytes(
    room: PostRoom,
    mail: OutboxMail,
    file: CaseFile,
    rendered: Rendered,
    house: House,
    *,
    now: datetime,
) -> bytes:
    order = mail.order
    alias = house.aliases[file.case.mailbox].address
    return compose(
        OutgoingMail(
            message_id=mail.addressing.message_id,
            date=now,
            sender_name=SENDER_NAME,
            sender=alias,
            recipient_name=order.recipient_name,
            recipient=order.recipient,
            reply_to_name=_reply_name(mail, file),
            reply_to=_reply_address(room, mail, file),
            subject=order.subject or rendered.subject,
            text=rendered.text,
            html=rendered.html,
            in_reply_to=order.in_reply_to,
            references=order.references,
            auto_submitted=order.auto_submitted,
            enclosures=mail.enclosures,
        )
    )


def _reply_address(room: PostRoom, mail: OutboxMail, file: CaseFile) -> str:
    alias = room.house().aliases[file.case.mailbox].address
    return reply_address(alias, mail.addressing.reply_token, room.reply_domain)


def _reply_name(mail: OutboxMail, file: CaseFile) -> str:
    """Where a reply goes, readable in the To line of the reply window before it is sent."""
    if mail.order.audience is not Audience.STAFF:
        return SENDER_NAME
    names = _REPLY_NAME if mail.order.reply_purpose is Purpose.REPLY else _NOTE_NAME
    name = names.get(words.language(mail.order.locale), names["en"])
    return f"{name} · {file.case.ref}"


def _context(
    mail: OutboxMail, file: CaseFile, shown: FiledMessage | None, house: House, *, now: datetime
) -> dict[str, object]:
    order, case = mail.order, file.case
    owner = house.staff.member(case.owner)
    context: dict[str, object] = {
        "ref": case.ref,
        "organization": house.organization,
        "sender_name": SENDER_NAME,
        "locale": order.locale,
        "is_urgent": case.risk.is_urgent,
        "address": house.aliases[case.mailbox].address,
        "category_words": words.category_words(case.category, order.locale),
        "risk_words": words.risk_words(case.risk, order.locale),
        "owner_name": owner.name if owner else case.owner,
        "age": words.say_age(now - case.opened_at, locale=order.locale),
        "due": _due(file, house, locale=order.locale, now=now),
        "reply_reaches_employee": order.reply_purpose is Purpose.REPLY,
    }
    if order.template is Template.ACKNOWLEDGEMENT:
        context |= _acknowledgement(mail, file, house, now=now)
    if order.template is Template.NUDGE:
        context |= _nudge(mail, file, house, now=now)
    if order.template is Template.REPLY:
        context |= _letter(mail, file)
    if order.template is Template.RECEIPT:
        context |= _receipt(mail, house)
    if order.template is Template.ALERT:
        context["what"] = str(order.fields.get("what", ""))
    if shown is not None:
        context |= _shown(mail, file, shown, house, now=now)
    return context


def _receipt(mail: OutboxMail, house: House) -> dict[str, object]:
    """What was written in the case is asked for by ``#status``, but never mailed to where an
    assistant reads it as well.
    """
    fields, locale = mail.order.fields, mail.order.locale
    codes = _texts(fields.get("line_codes"))
    lines = fields.get("lines") or [
        {"ok": True, "text": say_receipt(code, {}, locale)} for code in codes
    ]
    transcript = fields.get("transcript", "")
    member = house.staff.member(mail.order.recipient)
    if not transcript or member is None or not member.assistant_reads:
        return {"lines": lines, "transcript": transcript}
    withheld = {"ok": True, "text": say_receipt("transcript_withheld", {}, locale)}
    shown = lines if isinstance(lines, list) else []
    return {"lines": [*shown, withheld], "transcript": ""}


def _letter(mail: OutboxMail, file: CaseFile) -> dict[str, object]:
    """A person's words, below what has to be said beside them."""
    fields, locale = mail.order.fields, mail.order.locale
    code = fields.get("heading")
    heading = say_receipt(f"letter_{code}", {"ref": file.case.ref}, locale) if code else ""
    pieces = (heading, str(fields.get("text", "")))
    return {
        "text": "\n\n".join(piece for piece in pieces if piece.strip()),
        "attachments": [
            {"name": one.name, "size": words.say_size(len(one.content), locale=locale)}
            for one in mail.enclosures
        ],
    }


def _due(file: CaseFile, house: House, *, locale: str, now: datetime) -> list[dict[str, str]]:
    return [
        {
            "what": words.target_words(clock.target, locale),
            "when": words.say_time(clock.due_at, zone=house.zone, locale=locale, now=now),
        }
        for target in _DUE_SHOWN
        if (clock := file.running(target)) is not None and clock.due_at is not None
    ]


def _acknowledgement(
    mail: OutboxMail, file: CaseFile, house: House, *, now: datetime
) -> dict[str, object]:
    context: dict[str, object] = {}
    promised = file.running(Target.FIRST_RESPONSE)
    if promised is not None and promised.due_at is not None:
        context["promise"] = words.say_promise(
            promised.due_at, zone=house.zone, locale=mail.order.locale, now=now
        )
    name = mail.order.recipient_name
    if name and mail.order.audience is Audience.REQUESTER:
        context["greeting_name"] = name.split()[0]
    if house.emergency_text and "imminent_danger" in file.case.flags:
        context["emergency_text"] = house.emergency_text
    if mail.order.audience is Audience.EXTERNAL:
        # Anybody could have put an outsider's address into From: they get fixed words only.
        context.pop("greeting_name", None)
    else:
        advice = advise_about_mailbox(file.case, house, locale=mail.order.locale)
        context |= {"advice": advice} if advice else {}
    return context


def _nudge(mail: OutboxMail, file: CaseFile, house: House, *, now: datetime) -> dict[str, object]:
    target = str(mail.order.fields.get("target", ""))
    clock = file.running(target)
    due = ""
    if clock is not None and clock.due_at is not None:
        due = words.say_time(clock.due_at, zone=house.zone, locale=mail.order.locale, now=now)
    return {
        "target_words": words.target_words(target, mail.order.locale),
        "due": due,
        "step": str(mail.order.fields.get("step", "")),
    }


def _shown(
    mail: OutboxMail, file: CaseFile, shown: FiledMessage, house: House, *, now: datetime
) -> dict[str, object]:
    locale = mail.order.locale
    known = house.directory.find(shown.sender) or house.staff.member(shown.sender)
    name = known.name if known else (shown.sender_name or "")
    return {
        "text": without(file.case, shown.text)[:LONGEST_TEXT],
        "was_cut": len(shown.text) > LONGEST_TEXT,
        "subject": shown.subject,
        "writer": f"{name} <{shown.sender}>" if name else shown.sender,
        "writer_known": known is not None,
        "received": words.say_time(shown.at, zone=house.zone, locale=locale, now=now),
        "is_new": bool(mail.order.fields.get("is_new")),
        "is_note": bool(mail.order.fields.get("is_note")),
        "why": list(_texts(mail.order.fields.get("why"))),
        "copied": len(shown.copied),
        "attachments": [
            {"name": part.filename or "?", "size": words.say_size(part.size, locale=locale)}
            for part in shown.attachments
            if not part.inline
        ],
        "warnings": _warnings(mail, file, shown, house),
    }


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def _warnings(mail: OutboxMail, file: CaseFile, shown: FiledMessage, house: House) -> list[str]:
    known = house.directory.find(shown.sender) or house.staff.member(shown.sender)
    codes = [
        ("maybe_forged", "maybe_forged" in file.case.flags),
        ("unverified", bool(mail.order.fields.get("unverified"))),
        ("unknown_sender", known is None),
        ("named_copied", has_named(shown.copied, file.case)),
        ("others_copied", bool(shown.copied)),
        ("bcc", bool(mail.order.fields.get("bcc"))),
        ("exclusion", bool(file.case.excluded)),
        ("named_staff", bool(file.case.suspected)),
        ("attachments_only", not shown.text.strip() and bool(shown.attachments)),
    ]
    told = [words.warning_words(code, mail.order.locale) for code, applies in codes if applies]
    similar = str(mail.order.fields.get("similar", ""))
    return [*told, similar] if similar else told
