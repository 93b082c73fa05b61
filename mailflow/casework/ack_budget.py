"""How many acknowledgements a sender may still get, so that nobody can make us send floods."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.mail.authentication import SenderLevel
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.store.instance import Counter, count_up, read_counters
from mailflow.store.reconciled import known_numberings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.desk import ReadMail
    from mailflow.core.mail.authentication import SenderVerdict
    from mailflow.core.policy.house import House
    from mailflow.keys.keyring import Keyring

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass
class AckBudget:
    """The counts at the start of a batch, and what the batch adds to them. ``writer_of`` says
    who would get the acknowledgement.
    """

    keyring: Keyring
    house: House
    now: datetime
    writer_of: Callable[[ReadMail], SenderVerdict] = lambda mail: mail.verdict
    counts: dict[Counter, int] = field(default_factory=dict)
    added: dict[Counter, int] = field(default_factory=dict)
    numberings: frozenset[tuple[str, int]] = frozenset()

    def load(self, connection: Connection, mails: Sequence[ReadMail]) -> None:
        self.numberings = known_numberings(connection)
        wanted = {counter for mail in mails for counter, _ in self._limits(mail)}
        self.counts = read_counters(connection, wanted)

    def allows(self, mail: ReadMail) -> bool:
        return not self._is_old_news(mail) and all(
            self.counts.get(counter, 0) + self.added.get(counter, 0) < limit
            for counter, limit in self._limits(mail)
        )

    def _is_old_news(self, mail: ReadMail) -> bool:
        """Where a server has counted its mails anew, old ones come in again. One that we do not
        know may have been answered by hand long ago: a receipt would only puzzle its sender.
        """
        stored = mail.stored
        is_renumbered = any(
            mailbox == stored.mailbox and number != stored.uidvalidity
            for mailbox, number in self.numberings
        )
        return is_renumbered and self.now - stored.internal_date > _DAY

    def spend(self, mail: ReadMail) -> None:
        for counter, _ in self._limits(mail):
            self.added[counter] = self.added.get(counter, 0) + 1

    def save(self, connection: Connection) -> None:
        count_up(connection, self.added)

    def _limits(self, mail: ReadMail) -> tuple[tuple[Counter, int], ...]:
        """A directory sender at V2 or better counts only against their own limit."""
        writer = self.writer_of(mail)
        address = writer.address
        if address is None:
            return ()
        limits = self.house.limits
        known = self.house.directory.find(address) or self.house.staff.member(address)
        if known is not None and writer.level >= SenderLevel.V2:
            return (
                (self._counter("acks_directory", address, _DAY), limits.per_directory_sender_a_day),
            )
        own = (self._counter("acks_sender", address, _DAY), limits.per_sender_a_day)
        if known is not None:
            return (own,)
        domain = address.rpartition("@")[2]
        return (
            own,
            (self._counter("acks_domain", domain, _HOUR), limits.per_outside_domain_an_hour),
            (self._counter("acks_outside", "", _HOUR), limits.outside_an_hour),
        )

    def _counter(self, name: str, subject: str, window: timedelta) -> Counter:
        start = self.now.replace(minute=0, second=0, microsecond=0)
        if window == _DAY:
            start = start.replace(hour=0)
        return Counter(name, blind_index(self.keyring, IndexPurpose.ADDRESS, subject), start)
