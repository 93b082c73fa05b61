"""Asking staff to renew their confidentiality training, and remembering that they did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.casework.outside_mail import order_outside
from mailflow.core.policy.training import LASTS, ask_for_renewal, is_renewal_due, with_renewals
from mailflow.store import instance
from mailflow.store.batch import Batch
from mailflow.store.people import address_index
from mailflow.store.session import reading, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.office import Office
    from mailflow.core.policy.house import House
    from mailflow.keys.keyring import Keyring

LOOKED = "trainings"
_LOOKS_EVERY = timedelta(hours=6)
_AGREED = "trained:"


def ask_for_renewals(office: Office) -> int:
    """One mail a person and a last day; how many were ordered now."""
    now = office.clock.now()
    with reading(office.engine) as connection:
        last = instance.heartbeat_at(connection, LOOKED)
    if last is not None and now - last < _LOOKS_EVERY:
        return 0
    house = office.house()
    today = now.astimezone(house.zone).date()
    batch = Batch()
    asked = 0
    with transaction(office.engine) as connection:
        instance.beat(connection, LOOKED, now=now)
        for member in house.staff.people:
            if not is_renewal_due(member, today=today):
                continue
            mark = f"{LOOKED}:{_who(office.keyring, member.email)}:{member.training_until}"
            if instance.heartbeat_at(connection, mark) is not None:
                continue
            instance.beat(connection, mark, now=now)
            order_outside(batch, office, ask_for_renewal(member, house, now=now), now=now)
            asked += 1
        batch.flush(connection)
    return asked


def note_consent(connection: Connection, keyring: Keyring, address: str, *, now: datetime) -> None:
    """From now on the training counts for a year."""
    instance.beat(connection, _AGREED + _who(keyring, address), now=now)


def with_consents(connection: Connection, keyring: Keyring, house: House) -> House:
    """The house with the training of everybody who consented by mail."""
    agreed = {beat.name: beat.at for beat in instance.load_heartbeats(connection)}
    renewals = {
        member.email: at.astimezone(house.zone).date() + LASTS
        for member in house.staff.people
        if (at := agreed.get(_AGREED + _who(keyring, member.email))) is not None
    }
    return replace(house, staff=with_renewals(house.staff, renewals))


def _who(keyring: Keyring, address: str) -> str:
    return address_index(keyring, address).hex()
