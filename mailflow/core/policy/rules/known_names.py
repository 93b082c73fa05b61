"""The names outside the rules files that the rules may refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailflow.core.policy.rules.findings import Findings, Named


@dataclass(frozen=True)
class KnownNames:
    """None means that nobody knows, so nothing is refused. ``people`` in normal form."""

    teams: Collection[str] | None = None
    people: Collection[str] | None = None
    slas: Collection[str] | None = None
    calendars: Collection[str] | None = None
    templates: Collection[str] | None = None

    def frozen(self) -> KnownNames:
        """The same names as a value that can be a key."""
        names = (self.teams, self.people, self.slas, self.calendars, self.templates)
        return KnownNames(*(None if one is None else frozenset(one) for one in names))

    def check_targets(self, findings: Findings, targets: tuple[Named, ...]) -> tuple[str, ...]:
        """The targets as written; each must be a team or a person's address."""
        for target in targets:
            if "@" in target.text:
                self._check_person(findings, target)
            elif self.teams is not None:
                findings.known(target, self.teams, what="team")
        return tuple(target.text for target in targets)

    def check_sla(self, findings: Findings, sla: Named) -> None:
        if self.slas is not None:
            findings.known(sla, self.slas, what="SLA", code="unknown-sla")

    def check_template(self, findings: Findings, template: Named) -> None:
        if self.templates is not None:
            findings.known(template, self.templates, what="template")

    def _check_person(self, findings: Findings, person: Named) -> None:
        if self.people is not None and person.text.lower() not in self.people:
            findings.known(person, self.people, what="person")
