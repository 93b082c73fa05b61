"""Who asks at the command line, and what they may see there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailflow.core.case.sight import Sight, may_handle, may_sort, sight_of
from mailflow.store.audit_log import AuditEntry

if TYPE_CHECKING:
    from datetime import date, datetime

    from mailflow.casework.office import Office
    from mailflow.core.case.access import Person
    from mailflow.core.case.case import Case

OPERATOR = "operator"
"""The actor of what somebody at the command line did without saying who they are."""


@dataclass(frozen=True)
class Asker:
    """``person`` is None for an operator, who sees outlines alone. ``login`` is the name of the
    system's user: the command line believes --as, and the audit log shows whose word that was.
    """

    person: Person | None
    login: str
    today: date

    @property
    def name(self) -> str:
        return self.person.address if self.person else OPERATOR

    def sight(self, case: Case | None) -> Sight:
        """Without a case, the mail is for those who sort mail."""
        if self.person is None:
            return Sight.OUTLINE
        if case is None:
            return Sight.WHOLE if may_sort(self.person) else Sight.NOTHING
        return sight_of(self.person, case, today=self.today)

    def may_handle(self, case: Case | None) -> bool:
        """An operator handles mail unseen."""
        if self.person is None:
            return True
        if case is None:
            return may_sort(self.person)
        return may_handle(self.person, case, today=self.today)

    def audit_row(
        self, kind: str, *, at: datetime, case_uid: str | None = None, **payload: object
    ) -> AuditEntry:
        facts = {"by": self.name, "login": self.login, **payload}
        return AuditEntry(kind, at, case_uid, payload=facts)


def who_asks(office: Office, address: str | None, *, login: str) -> Asker:
    house = office.house()
    today = office.clock.now().astimezone(house.zone).date()
    return Asker(house.person(address) if address else None, login, today)
