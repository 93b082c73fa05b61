"""Fetching what a staff mail's decision looks at: the case as written, and the cases it names."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from mailflow.core.case.dossier import Dossier, HeldMail, WrittenText
from mailflow.core.case.events import EventKind
from mailflow.core.case.transitions import OPEN
from mailflow.core.mail.authentication import SenderLevel
from mailflow.core.policy.linking import MERGED_FROM
from mailflow.store import case_events, cases, held_items, messages, reply_tokens
from mailflow.store.messages import Direction
from mailflow.store.pending_replies import pending_replies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from mailflow.casework.desk import Desk, ReadMail
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.events import Event
    from mailflow.core.policy.decision import Thread
    from mailflow.keys.keyring import Keyring
    from mailflow.store.cases import LoadedCase
    from mailflow.store.messages import FiledMessage

_REF = re.compile(r"\bHR-[0-9A-HJKMNP-TV-Z]{6}\b", re.IGNORECASE)
_MOST_REFS = 10
_KEPT = (EventKind.NOTE_ADDED, EventKind.ADDENDUM_ADDED)


def fetch_dossier(connection: Connection, desk: Desk, mail: ReadMail, thread: Thread) -> Dossier:
    """Everything on record about the mail's case, and the cases that its commands name. What is
    fetched lies on the desk afterwards, so that decisions about it can be written.
    """
    keyring = desk.office.keyring
    text = mail.message.new_text[:10_000]
    others = _cases_named(connection, desk, text)
    file = thread.file
    if file is None and len(others) == 1:
        file = next(iter(others.values()))
    loaded = desk.files.get(file.case.uid) if file else None
    dossier = read_dossier(connection, keyring, loaded) if loaded else Dossier()
    mine: tuple[CaseFile, ...] = ()
    if "#mine" in text.lower() and mail.verdict.address:
        mine = _own_cases(connection, desk, mail.verdict.address)
    return replace(dossier, others=others, mine=mine)


def read_dossier(connection: Connection, keyring: Keyring, loaded: LoadedCase) -> Dossier:
    conversation = messages.load_messages(connection, loaded.vault)
    merged = load_merged(connection, keyring, loaded)
    events = case_events.load_events(connection, loaded.vault)
    held = held_items.held_of_case(connection, loaded.case.uid)
    return Dossier(
        received=_written(conversation, Direction.IN),
        sent=_written(conversation, Direction.OUT),
        notes=_numbered(_written(conversation, Direction.NOTE), events),
        merged=tuple(
            (direction.value, one) for direction in Direction for one in _written(merged, direction)
        ),
        pending=pending_replies(connection, keyring, loaded.vault),
        held=tuple(
            HeldMail(number, item.inbound_id, item.reason, item.at)
            for number, item in enumerate(held, start=1)
        ),
        promoted=_promoted(events),
        clearing_asked=_clearing_asked(events),
        is_answered=any(
            e.kind is EventKind.MAIL_SENT and e.data.get("template") == "reply" for e in events
        ),
    )


def load_merged(
    connection: Connection, keyring: Keyring, loaded: LoadedCase
) -> tuple[FiledMessage, ...]:
    """What was written in the cases that were merged into this one."""
    found: list[FiledMessage] = []
    seen, waiting = {loaded.case.uid}, [loaded]
    while waiting:
        case = waiting.pop().case
        refs = [link.ref for link in case.record.links if link.kind == MERGED_FROM]
        uids = {uid for ref in refs if (uid := cases.find_case_uid(connection, ref))} - seen
        seen |= uids
        for other in cases.load_cases(connection, keyring, uids).values():
            # A case that was opened again is on its own: its link alone says that it was merged.
            if other.case.merged_into == case.uid:
                found += messages.load_messages(connection, other.vault)
                waiting.append(other)
    return tuple(found)


def _written(conversation: Iterable[FiledMessage], direction: Direction) -> tuple[WrittenText, ...]:
    chosen = [message for message in conversation if message.direction is direction]
    return tuple(
        WrittenText(
            number=number,
            id=message.id,
            author=message.sender,
            at=message.at,
            text=message.text,
            subject=message.subject,
            message_id=message.message_id,
            references=message.references,
            attachments=tuple(a.sha256 for a in message.attachments if not a.inline),
            source=message.inbound_id,
            is_verified=message.extra.get("sender_level", 0) >= SenderLevel.V2,
        )
        for number, message in enumerate(chosen, start=1)
    )


def _clearing_asked(events: Iterable[Event]) -> dict[str, str]:
    """What was asked before the newest exclusion of a person no longer counts."""
    asked: dict[str, str] = {}
    for event in events:
        addresses = event.data.get("addresses")
        for address in addresses if isinstance(addresses, list) else ():
            if event.kind is EventKind.CLEARING_ASKED:
                asked[address] = event.actor
            elif event.kind in (EventKind.PERSON_EXCLUDED, EventKind.CONFLICT_CLEARED):
                asked.pop(address, None)
    return asked


def _numbered(notes: tuple[WrittenText, ...], events: Iterable[Event]) -> tuple[WrittenText, ...]:
    """The notes under the numbers that their receipts told, whatever the order in which their
    mails came: a number that moved would send another note to the employee.
    """
    told: dict[object, int] = {}
    for event in events:
        number = event.data.get("n")
        if event.kind in _KEPT and isinstance(number, int):
            told[event.data.get("message")] = number
    known = {note.id: told[note.id] for note in notes if note.id in told}
    left = (n for n in range(1, len(notes) + len(told) + 1) if n not in known.values())
    numbered = [replace(note, number=known.get(note.id) or next(left)) for note in notes]
    return tuple(sorted(numbered, key=lambda note: note.number))


def _promoted(events: Iterable[Event]) -> frozenset[int]:
    """Notes that went out, less those that were called back in time."""
    by_cause: dict[object, int] = {}
    for event in events:
        number = event.data.get("n")
        if event.kind is EventKind.NOTE_PROMOTED and isinstance(number, int):
            by_cause[event.data.get("cause")] = number
        elif event.kind is EventKind.REPLY_CANCELLED:
            by_cause.pop(event.data.get("cause"), None)
    return frozenset(by_cause.values())


def _cases_named(connection: Connection, desk: Desk, text: str) -> Mapping[str, CaseFile]:
    refs = list(dict.fromkeys(match.upper() for match in _REF.findall(text)))[:_MOST_REFS]
    uids = {ref: uid for ref in refs if (uid := cases.find_case_uid(connection, ref))}
    _lay(connection, desk, uids.values())
    return {ref: desk.files[uid].file for ref, uid in uids.items() if uid in desk.files}


def _own_cases(connection: Connection, desk: Desk, address: str) -> tuple[CaseFile, ...]:
    keyring = desk.office.keyring
    member = desk.house.staff.member(address)
    uids = cases.list_case_uids(connection, keyring, owner=member.email if member else address)
    files = cases.load_cases(connection, keyring, uids)
    return tuple(one.file for one in files.values() if one.case.state in OPEN)


def _lay(connection: Connection, desk: Desk, uids: Iterable[str]) -> None:
    missing = set(uids) - desk.files.keys()
    if missing:
        desk.files |= cases.load_cases(connection, desk.office.keyring, missing)
        desk.handles |= reply_tokens.handles_by_case(connection, missing)
