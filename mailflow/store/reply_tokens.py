"""Which reply address belongs to whom, in which case, for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from mailflow.core.case.case import State
from mailflow.core.case.reply_address import Audience, Purpose, good_until
from mailflow.keys.tokens import TokenSubject
from mailflow.store.schema import cases, reply_tokens

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from mailflow.core.case.case import Case
    from mailflow.keys.tokens import Token
    from mailflow.store.batch import Batch


@dataclass(frozen=True)
class TokenRow:
    """``expires_at`` stands where a mail that left after the case's end gave the address out
    again, for who gets a mail today can answer it; else the end of the case alone decides.
    """

    subject: TokenSubject
    revoked_at: datetime | None
    expires_at: datetime | None

    def has_expired(self, case: Case, *, now: datetime) -> bool:
        """``case`` is the one that the address leads to now."""
        until = good_until(case)
        return until is not None and max(until, self.expires_at or until) <= now


def add_token(batch: Batch, token: Token, subject: TokenSubject) -> None:
    """``token`` was minted for this subject."""
    batch.add(
        reply_tokens,
        {
            "handle": token.handle,
            "kid": token.kid,
            "case_uid": subject.case_uid,
            "participant_id": subject.participant_id,
            "audience": subject.audience,
            "purpose": subject.purpose,
            "generation": subject.generation,
        },
    )


def find_tokens(connection: Connection, handles: Collection[int]) -> dict[int, TokenRow]:
    if not handles:
        return {}
    rows = connection.execute(
        select(reply_tokens).where(reply_tokens.c.handle.in_(sorted(handles)))
    ).mappings()
    return {
        row["handle"]: TokenRow(
            TokenSubject(
                case_uid=row["case_uid"],
                participant_id=row["participant_id"],
                audience=Audience(row["audience"]),
                purpose=Purpose(row["purpose"]),
                generation=row["generation"],
            ),
            row["revoked_at"],
            row["expires_at"],
        )
        for row in rows
    }


def prolong_token(connection: Connection, handle: int, *, until: datetime) -> None:
    """A mail that leaves after the case's end carries this address."""
    connection.execute(
        update(reply_tokens).where(reply_tokens.c.handle == handle).values(expires_at=until)
    )


def revoke_tokens(connection: Connection, participant_id: str, *, now: datetime) -> None:
    """No mail to any reply address that this participant has so far is let in any more."""
    connection.execute(
        update(reply_tokens)
        .where(reply_tokens.c.participant_id == participant_id, reply_tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def handles_by_case(connection: Connection, case_uids: Collection[str]) -> dict[str, set[int]]:
    """The handles that these cases have already."""
    handles: dict[str, set[int]] = {}
    if case_uids:
        rows = connection.execute(
            select(reply_tokens.c.case_uid, reply_tokens.c.handle).where(
                reply_tokens.c.case_uid.in_(sorted(case_uids))
            )
        )
        for row in rows:
            handles.setdefault(row.case_uid, set()).add(row.handle)
    return handles


def holders_of_kid(connection: Connection, kid: int, *, limit: int) -> dict[str, set[str]]:
    """Who has a reply address of this key number in an open case: participant ids by case, of at
    most ``limit`` cases.
    """
    mine = _live_tokens(kid)
    uids = connection.execute(
        mine.with_only_columns(reply_tokens.c.case_uid).distinct().order_by("case_uid").limit(limit)
    ).scalars()
    holders: dict[str, set[str]] = {uid: set() for uid in uids}
    rows = connection.execute(
        mine.with_only_columns(reply_tokens.c.case_uid, reply_tokens.c.participant_id).where(
            reply_tokens.c.case_uid.in_(sorted(holders))
        )
    )
    for row in rows:
        holders[row.case_uid].add(row.participant_id)
    return holders


def move_to_kid(connection: Connection, case_uids: Collection[str], *, old: int, new: int) -> None:
    """The same rows serve the addresses that are made with another key number."""
    connection.execute(
        update(reply_tokens)
        .where(reply_tokens.c.case_uid.in_(sorted(case_uids)), reply_tokens.c.kid == old)
        .values(kid=new)
    )


def count_by_kid(connection: Connection) -> dict[int, int]:
    """How many reply addresses of open cases each key number has."""
    query = _live_tokens(None).with_only_columns(reply_tokens.c.kid, func.count())
    return {row[0]: row[1] for row in connection.execute(query.group_by(reply_tokens.c.kid))}


def _live_tokens(kid: int | None) -> Select[tuple[object, ...]]:
    query = (
        select(reply_tokens)
        .join(cases, cases.c.uid == reply_tokens.c.case_uid)
        .where(
            cases.c.state.not_in((State.CLOSED, State.CANCELLED)),
            reply_tokens.c.revoked_at.is_(None),
        )
    )
    return query if kid is None else query.where(reply_tokens.c.kid == kid)
