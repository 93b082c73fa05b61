"""One case in full for one person: asked at the gate, and on record whatever the answer is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailflow.casework.case_list import outline
from mailflow.casework.desk import Desk
from mailflow.casework.dossiers import load_merged
from mailflow.casework.record_decision import Pen
from mailflow.core.case.events import EventKind
from mailflow.core.case.people import normal_address
from mailflow.core.case.record import keep_record
from mailflow.core.case.reply_address import Audience
from mailflow.core.case.sight import Sight
from mailflow.core.policy.exporting import ask_for_export, is_approved, needs_approval, take_out
from mailflow.core.policy.telling import without
from mailflow.store import case_events, cases, messages, reply_tokens
from mailflow.store.audit_log import append_audit
from mailflow.store.batch import Batch
from mailflow.store.messages import Direction
from mailflow.store.session import transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mailflow.casework.asker import Asker
    from mailflow.casework.case_list import ListedCase
    from mailflow.casework.office import Office
    from mailflow.core.case.case_file import CaseFile
    from mailflow.core.case.events import Event
    from mailflow.core.case.participant import Participant
    from mailflow.core.case.record import Record
    from mailflow.core.policy.house import House
    from mailflow.store.cases import LoadedCase
    from mailflow.store.messages import FiledMessage


@dataclass(frozen=True)
class ShownCase:
    """Everything that is on record about a case, as far as the reader may see it."""

    listed: ListedCase
    file: CaseFile
    participants: tuple[Participant, ...]
    messages: tuple[FiledMessage, ...]
    events: tuple[Event, ...]
    record: Record
    addenda: frozenset[str] = frozenset()
    """The ids of messages that were added to the record after it was closed."""


def show_case(office: Office, ref: str, *, asker: Asker) -> ShownCase | None:
    """None when there is no such case, and when the asker may not read it: the two look alike.

    Raises SealError when the case's key was destroyed.
    """
    with transaction(office.engine) as connection:
        loaded = find_case(connection, office, ref)
        sight = asker.sight(loaded.case) if loaded else Sight.NOTHING
        shown = None
        if loaded is not None and sight.has_content:
            shown = _gather(connection, office, loaded, sight=sight)
        row = asker.audit_row(
            "case_read",
            at=office.clock.now(),
            case_uid=loaded.case.uid if loaded else None,
            ref=ref[:40],
            allowed=shown is not None,
        )
        append_audit(connection, office.keyring, [row])
    return shown


@dataclass(frozen=True)
class Export:
    """``shown`` is what may leave; without it ``asked`` says how many were asked to approve."""

    shown: ShownCase | None
    asked: int | None = None


def export_case(office: Office, ref: str, *, asker: Asker) -> Export:
    """The case to be written to a file. Of a sealed case another person has to approve first:
    the first call asks them, and after their #approve the same call succeeds once.

    Raises SealError when the case's key was destroyed.
    """
    shown = show_case(office, ref, asker=asker)
    if shown is None or asker.person is None:
        return Export(None)
    now = office.clock.now()
    with transaction(office.engine) as connection:
        loaded = find_case(connection, office, ref)
        if loaded is None:
            return Export(None)
        case = loaded.case
        is_own = asker.sight(case) is Sight.OWN
        if is_own or not needs_approval(case) or is_approved(case, asker.person):
            decision = take_out(case, asker.person, now=now)
        else:
            decision = ask_for_export(case, asker.person, office.house(), now=now)
        pen = Pen(Batch(), Desk(office, office.house(), files={case.uid: loaded}), now, [])
        pen.desk.handles = reply_tokens.handles_by_case(connection, [case.uid])
        pen.write_case(decision)
        kind = str(decision.events[-1].kind)
        pen.audit.append(asker.audit_row(kind, at=now, case_uid=case.uid))
        pen.save(connection)
    if decision.events[-1].kind is EventKind.EXPORT_ASKED:
        return Export(None, asked=len(decision.mails))
    return Export(shown)


def find_case(connection: Connection, office: Office, ref: str) -> LoadedCase | None:
    uid = cases.find_case_uid(connection, ref)
    if uid is None:
        return None
    return cases.load_cases(connection, office.keyring, [uid]).get(uid)


def _gather(
    connection: Connection, office: Office, loaded: LoadedCase, *, sight: Sight
) -> ShownCase | None:
    file, house = loaded.file, office.house()
    listed = outline(file, sight)
    if listed is None:
        return None
    events = case_events.load_events(connection, loaded.vault)
    own = messages.load_messages(connection, loaded.vault)
    merged = load_merged(connection, office.keyring, loaded)
    conversation = tuple(sorted((*own, *merged), key=lambda message: message.at))
    first = next((m for m in conversation if m.direction is Direction.IN), None)
    record = keep_record(
        file.case,
        events,
        description=without(file.case, f"{first.subject}\n\n{first.text}") if first else None,
        names=_names(file, house),
    )
    conversation = tuple(
        replace(one, text=without(file.case, one.text), full_text="") for one in conversation
    )
    if sight is Sight.OWN:
        return _own_view(file, listed, conversation, record)
    addenda = (e.data.get("message") for e in events if e.kind is EventKind.ADDENDUM_ADDED)
    return ShownCase(
        listed,
        file,
        file.participants,
        conversation,
        events,
        record,
        frozenset(str(one) for one in addenda),
    )


def _own_view(
    file: CaseFile,
    listed: ListedCase,
    conversation: tuple[FiledMessage, ...],
    record: Record,
) -> ShownCase:
    """What passed between the requester and us: no note, no event, no clock, nobody else."""
    own = {p.address for p in file.participants if p.audience is not Audience.STAFF}
    own &= {normal_address(file.case.requester)}
    kept = tuple(
        message
        for message in conversation
        if message.direction is not Direction.NOTE
        and own & {normal_address(a) for a in (message.sender, *message.to)}
    )
    people = tuple(p for p in file.participants if p.address in own)
    record = replace(record, parties=record.parties[:1], actions=(), resolution=None)
    return ShownCase(listed, replace(file, clocks=()), people, kept, (), record)


def _names(file: CaseFile, house: House) -> dict[str, str]:
    """Names by address: of the directory, of staff, else as the mail gave them."""
    names = {p.address: p.name for p in file.participants if p.name}
    for address in (*file.case.excluded, file.case.requester):
        known = house.directory.find(address) or house.staff.member(address)
        if known is not None:
            names[address] = known.name
    return names
