"""Stops two robots that answer each other: ours, and one whose mail bears no mark of a machine.

A robot says the same words within minutes of each mail of ours. People do not, and commands and
one-click answers may well be sent again, so neither counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.core.case.reply_address import Purpose
from mailflow.core.mail.message import Kind
from mailflow.keys.blind_index import IndexPurpose, blind_index
from mailflow.store.instance import Counter, count_up, read_counters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from mailflow.casework.desk import ReadMail
    from mailflow.core.policy.decision import Arrival, Thread
    from mailflow.keys.keyring import Keyring

MOST_EXCHANGES = 3
_WITHIN = timedelta(minutes=10)
_SILENT_HOURS = 24
_SPOKEN = (Purpose.REPLY, Purpose.NOTE)


@dataclass
class PairBreaker:
    """``counts`` are of the start of a batch; ``added`` is what the batch adds to them."""

    keyring: Keyring
    now: datetime
    counts: dict[Counter, int] = field(default_factory=dict)
    added: dict[Counter, int] = field(default_factory=dict)

    def load(self, connection: Connection, mails: Sequence[ReadMail]) -> None:
        wanted = {
            counter for mail in mails for counter in (*self._exchanges(mail), *self._silences(mail))
        }
        self.counts = read_counters(connection, wanted)

    def as_heard(self, arrival: Arrival, mail: ReadMail, thread: Thread) -> Arrival:
        """The arrival, as one by a machine where it repeats itself: it is recorded, and neither
        answered nor passed on for 24 hours.
        """
        if not _may_be_robot(mail, thread):
            return arrival
        if not any(self._count(counter) for counter in self._silences(mail)):
            exchanges = self._exchanges(mail)
            if sum(self._count(counter) for counter in exchanges) < MOST_EXCHANGES:
                self._add(exchanges[0])
                return arrival
            self._add(self._silences(mail)[0])
        message = replace(arrival.message, kind=Kind.AUTO_GENERATED, ack_ok=False)
        return replace(arrival, message=message)

    def save(self, connection: Connection) -> None:
        count_up(connection, self.added)

    def _count(self, counter: Counter) -> int:
        return self.counts.get(counter, 0) + self.added.get(counter, 0)

    def _add(self, counter: Counter) -> None:
        self.added[counter] = self.added.get(counter, 0) + 1

    def _exchanges(self, mail: ReadMail) -> tuple[Counter, ...]:
        """Of these ten minutes, and of those before."""
        start = self.now.replace(minute=self.now.minute // 10 * 10, second=0, microsecond=0)
        return tuple(Counter("pair", self._pair(mail), start - n * _WITHIN) for n in range(2))

    def _silences(self, mail: ReadMail) -> tuple[Counter, ...]:
        start = self.now.replace(minute=0, second=0, microsecond=0)
        hours = (start - timedelta(hours=n) for n in range(_SILENT_HOURS))
        return tuple(Counter("pair_silent", self._pair(mail), hour) for hour in hours)

    def _pair(self, mail: ReadMail) -> bytes:
        """Who says what, in whatever case."""
        words = " ".join((mail.message.new_text or mail.message.text).split()).casefold()
        said = f"{mail.verdict.address or ''}\n{words}"
        return blind_index(self.keyring, IndexPurpose.CONTENT, said)


def _may_be_robot(mail: ReadMail, thread: Thread) -> bool:
    """Whether it answers something, in words of its own."""
    if mail.message.kind is not Kind.PERSON or thread.file is None:
        return False
    if thread.token is not None and thread.token.purpose not in _SPOKEN:
        return False
    words = (mail.message.new_text or mail.message.text).lstrip()
    return bool(words) and not words.startswith("#")
