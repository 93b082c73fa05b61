"""Cases and their participants, clocks and reply addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from mailflow.core.case.case import Case, CaseClass, Risk, State
from mailflow.core.case.case_file import CaseFile
from mailflow.core.case.case_record_json import (
    record_from_json,
    record_to_json,
    waits_from_json,
    waits_to_json,
)
from mailflow.core.case.clock import CaseClock
from mailflow.core.case.participant import Participant, ParticipantRole
from mailflow.core.case.reply_address import Audience
from mailflow.core.case.transitions import OPEN
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.store.people import address_index
from mailflow.store.schema import case_events, cases, clocks, participants
from mailflow.store.sealed import open_vault
from mailflow.store.session import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from mailflow.keys.keyring import Keyring
    from mailflow.store.batch import Batch
    from mailflow.store.sealed import Vault

_MOST_RECENT = 5


@dataclass(frozen=True)
class LoadedCase:
    """A case file as the database has it. ``next_seq`` numbers the case's next event."""

    file: CaseFile
    vault: Vault = field(repr=False)
    next_seq: int = 0

    @property
    def case(self) -> Case:
        return self.file.case


def load_cases(
    connection: Connection, keyring: Keyring, uids: Collection[str]
) -> dict[str, LoadedCase]:
    """The case files by uid, in four statements however many there are."""
    if not uids:
        return {}
    wanted = sorted(uids)
    rows = connection.execute(select(cases).where(cases.c.uid.in_(wanted))).mappings().all()
    vaults = {row["uid"]: _vault(keyring, row) for row in rows}
    people = _load_participants(connection, vaults, wanted)
    running = _load_clocks(connection, wanted)
    counts = connection.execute(
        select(case_events.c.case_uid, func.max(case_events.c.seq) + 1)
        .where(case_events.c.case_uid.in_(wanted))
        .group_by(case_events.c.case_uid)
    )
    next_seqs = {uid: int(seq) for uid, seq in counts}
    return {
        row["uid"]: LoadedCase(
            CaseFile(
                _read_case(row, vaults[row["uid"]]),
                people.get(row["uid"], ()),
                running.get(row["uid"], ()),
            ),
            vault=vaults[row["uid"]],
            next_seq=next_seqs.get(row["uid"], 0),
        )
        for row in rows
    }


def find_case_uid(connection: Connection, ref: str) -> str | None:
    found: str | None = connection.execute(
        select(cases.c.uid).where(cases.c.ref == ref.strip().upper())
    ).scalar()
    return found


def taken_refs(connection: Connection, refs: Iterable[str]) -> frozenset[str]:
    """Which of these references are some case's already."""
    rows = connection.execute(select(cases.c.ref).where(cases.c.ref.in_(list(refs))))
    return frozenset(rows.scalars())


def list_case_uids(
    connection: Connection,
    keyring: Keyring,
    *,
    state: State | None = None,
    risk: Risk | None = None,
    owner: str | None = None,
    limit: int | None = None,
) -> tuple[str, ...]:
    """Newest first."""
    query = select(cases.c.uid).order_by(cases.c.opened_at.desc(), cases.c.uid.desc())
    if state is not None:
        query = query.where(cases.c.state == state)
    if risk is not None:
        query = query.where(cases.c.risk == risk)
    if owner is not None:
        query = query.where(cases.c.owner_index == address_index(keyring, owner))
    return tuple(connection.execute(query.limit(limit)).scalars())


def find_recent_vaults(
    connection: Connection, keyring: Keyring, requesters: Iterable[str], *, since: datetime
) -> dict[str, Vault]:
    """The keys of the open cases that these people began since then, by uid: the newest few of
    each, so that nobody who writes without end makes it slow.
    """
    indexes = {address_index(keyring, address) for address in requesters}
    if not indexes:
        return {}
    rank = func.row_number().over(
        partition_by=participants.c.address_index, order_by=cases.c.opened_at.desc()
    )
    recent = (
        select(cases.c.uid, cases.c.kek, cases.c.key_wrap, rank.label("rank"))
        .join(participants, participants.c.case_uid == cases.c.uid)
        .where(
            participants.c.address_index.in_(sorted(indexes)),
            participants.c.role == ParticipantRole.REQUESTER,
            cases.c.opened_at >= since,
            cases.c.state.in_(sorted(OPEN)),
        )
        .subquery()
    )
    rows = connection.execute(select(recent).where(recent.c.rank <= _MOST_RECENT)).mappings()
    return {row["uid"]: _vault(keyring, row) for row in rows}


def open_case_uids(connection: Connection, *, after: str, limit: int) -> tuple[str, ...]:
    """Cases that are not over, by uid from ``after`` on: a way through all of them in pieces."""
    over = (State.CLOSED, State.CANCELLED)
    rows = connection.execute(
        select(cases.c.uid)
        .where(cases.c.uid > after, cases.c.state.not_in(over))
        .order_by(cases.c.uid)
        .limit(limit)
    )
    return tuple(rows.scalars())


def add_case(
    batch: Batch, keyring: Keyring, case: Case, *, vault: Vault, kek: str, wrap: bytes
) -> None:
    batch.add(
        cases,
        {
            "uid": case.uid,
            "mailbox": case.mailbox,
            "ref": case.ref,
            "opened_at": case.opened_at,
            "version": case.version,
            "kek": kek,
            "key_wrap": wrap,
            "requester_index": address_index(keyring, case.requester),
            **_changing_columns(keyring, case, vault, now=case.opened_at),
        },
    )


def save_case(batch: Batch, keyring: Keyring, case: Case, *, vault: Vault, now: datetime) -> None:
    """Write the case as it is after a decision on version ``case.version``.

    The flush raises ConflictError when another process has saved it meanwhile.
    """
    batch.change(
        cases,
        {"version": case.version + 1, **_changing_columns(keyring, case, vault, now=now)},
        expecting={"uid": case.uid, "version": case.version},
    )


def _changing_columns(
    keyring: Keyring, case: Case, vault: Vault, *, now: datetime
) -> dict[str, Any]:
    is_sealed = case.case_class.is_sealed
    details: dict[str, Any] = {
        "category": case.category,
        "team": case.team,
        "owner": case.owner,
        "requester": case.requester,
        "flags": sorted(case.flags),
        "excluded": sorted(case.excluded),
        "assigned": sorted(case.assigned),
        "suspected": sorted(case.suspected),
    }
    record = record_to_json(case.record)
    if record:
        details["record"] = record
    if case.waits:
        details["waits"] = waits_to_json(case.waits)
    if case.handovers:
        details["handovers"] = case.handovers
    return {
        "state": case.state,
        "risk": case.risk,
        "class": case.case_class,
        "category": None if is_sealed else case.category,
        "category_index": blind_index(keyring, IndexPurpose.CATEGORY, case.category),
        "owner_index": address_index(keyring, case.owner),
        "changed_at": now,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "merged_into": case.merged_into,
        "details": vault.seal(details, table="cases", column="details", row_id=case.uid),
    }


def _vault(keyring: Keyring, row: RowMapping) -> Vault:
    return open_vault(keyring, row["uid"], kek=row["kek"], wrap=row["key_wrap"])


def _read_case(row: RowMapping, vault: Vault) -> Case:
    details = vault.open(row["details"], table="cases", column="details", row_id=row["uid"])
    return Case(
        uid=row["uid"],
        ref=row["ref"],
        state=State(row["state"]),
        risk=Risk(row["risk"]),
        case_class=CaseClass(row["class"]),
        category=details["category"],
        team=details["team"],
        owner=details["owner"],
        requester=details["requester"],
        opened_at=row["opened_at"],
        mailbox=row["mailbox"],
        flags=frozenset(details["flags"]),
        excluded=frozenset(details["excluded"]),
        assigned=frozenset(details["assigned"]),
        suspected=frozenset(details.get("suspected", ())),
        merged_into=row["merged_into"],
        resolved_at=row["resolved_at"],
        closed_at=row["closed_at"],
        version=row["version"],
        record=record_from_json(details.get("record", {})),
        waits=waits_from_json(details.get("waits", [])),
        handovers=details.get("handovers", 0),
    )


def add_participant(batch: Batch, keyring: Keyring, who: Participant, *, vault: Vault) -> None:
    details = {"address": who.address, "name": who.name, "audience": who.audience}
    batch.add(
        participants,
        {
            "id": who.id,
            "case_uid": vault.case_uid,
            "address_index": address_index(keyring, who.address),
            "role": who.role,
            "generation": who.generation,
            "details": vault.seal(details, table="participants", column="details", row_id=who.id),
        },
    )


def save_participant(batch: Batch, before: Participant, after: Participant) -> None:
    """Another role, or a reply address of another generation."""
    batch.change(
        participants,
        {"role": after.role, "generation": after.generation},
        expecting={"id": before.id, "generation": before.generation},
    )


def _load_participants(
    connection: Connection, vaults: dict[str, Vault], uids: list[str]
) -> dict[str, tuple[Participant, ...]]:
    found: dict[str, list[Participant]] = {}
    rows = connection.execute(
        select(participants)
        .where(participants.c.case_uid.in_(uids))
        .order_by(participants.c.case_uid, participants.c.id)
    ).mappings()
    for row in rows:
        details = vaults[row["case_uid"]].open(
            row["details"], table="participants", column="details", row_id=row["id"]
        )
        found.setdefault(row["case_uid"], []).append(
            Participant(
                id=row["id"],
                address=details["address"],
                name=details["name"],
                role=ParticipantRole(row["role"]),
                audience=Audience(details["audience"]),
                generation=row["generation"],
            )
        )
    return {uid: tuple(people) for uid, people in found.items()}


def add_clock(batch: Batch, clock: CaseClock, *, case_uid: str, now: datetime) -> None:
    batch.add(
        clocks,
        {
            "id": new_id(now),
            "case_uid": case_uid,
            "target": clock.target,
            "generation": clock.generation,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "met_at": clock.met_at,
            "breached_at": clock.breached_at,
            "closed_reason": clock.closed_reason,
            "terms": clock.terms,
        },
    )


def save_clock(batch: Batch, before: CaseClock, after: CaseClock, *, case_uid: str) -> None:
    """A clock that was met, breached, closed or moved; met_at is written once."""
    batch.change(
        clocks,
        {
            "due_at": after.due_at,
            "met_at": after.met_at,
            "breached_at": after.breached_at,
            "closed_reason": after.closed_reason,
            "terms": after.terms,
            "generation": after.generation,
        },
        expecting={
            "case_uid": case_uid,
            "target": before.target,
            "generation": before.generation,
        },
    )


def _load_clocks(connection: Connection, uids: list[str]) -> dict[str, tuple[CaseClock, ...]]:
    found: dict[str, list[CaseClock]] = {}
    rows = connection.execute(
        select(clocks)
        .where(clocks.c.case_uid.in_(uids))
        .order_by(clocks.c.case_uid, clocks.c.started_at, clocks.c.target)
    ).mappings()
    for row in rows:
        found.setdefault(row["case_uid"], []).append(
            CaseClock(
                target=row["target"],
                started_at=row["started_at"],
                due_at=row["due_at"],
                terms=row["terms"],
                generation=row["generation"],
                met_at=row["met_at"],
                breached_at=row["breached_at"],
                closed_reason=row["closed_reason"],
            )
        )
    return {uid: tuple(listed) for uid, listed in found.items()}
