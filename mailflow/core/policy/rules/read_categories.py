"""Categories, flags, defaults and risk names, from located YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailflow.core.case.case import TRIAGE, Group, Risk
from mailflow.core.case.people import HandledBy
from mailflow.core.policy.rules.category import Category, Flag, OwnerPolicy, Retention
from mailflow.core.policy.rules.findings import Findings, Named, texts_of
from mailflow.core.policy.rules.keys import (
    CATEGORY_KEYS,
    DEFAULT_KEYS,
    FLAG_KEYS,
    RETENTION_KEYS,
)
from mailflow.located import Node, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.core.policy.rules.known_names import KnownNames
    from mailflow.located import Place

_ID = re.compile(r"[a-z][a-z0-9_-]*")
_PERIOD = re.compile(r"[1-9][0-9]* (?:day|month|year)s?")
STANDARD_SLA = "standard"


@dataclass(frozen=True)
class Defaults:
    risk: Risk = Risk.LOW
    sla: str | None = None
    nothing_category: str = TRIAGE
    nothing_risk: Risk = Risk.MODERATE
    unsure_team: str | None = None
    escalate_to_alternate: tuple[str, ...] = ()


@dataclass
class CategoryReader:
    """Reads categories.yaml. ``risks`` maps the names of risk in use to the four classes."""

    findings: Findings
    known: KnownNames
    risks: Mapping[str, Risk] = field(default_factory=lambda: {risk.value: risk for risk in Risk})
    defaults: Defaults = Defaults()
    places: dict[str, Place] = field(default_factory=dict)

    def read_risk_names(self, node: Node) -> None:
        """Four names, low to high; what they stand for is fixed."""
        names = self.findings.texts(node, "risk_levels")
        if len({name.text for name in names}) != len(Risk):
            message = "risk_levels must be four different names, from low to high"
            self.findings.error(node.place, "risk-levels", message)
            return
        self.risks = {name.text: risk for name, risk in zip(names, Risk, strict=True)}

    def read_defaults(self, node: Node) -> None:
        table = self.findings.table(node, "defaults", DEFAULT_KEYS)
        if table is None:
            return
        sla = self.findings.text(table.get("sla"), "defaults: sla")
        if sla is not None:
            self.known.check_sla(self.findings, sla)
        category, risk = self._nothing(table.get("if_nothing_matches"))
        self.defaults = Defaults(
            risk=self.risk(table.get("risk")) or Risk.LOW,
            sla=sla.text if sla else None,
            nothing_category=category,
            nothing_risk=risk,
            unsure_team=self._unsure_team(table.get("if_unsure")),
            escalate_to_alternate=self._targets(table, "escalate_to_alternate", "defaults"),
        )

    def risk(self, node: Node | None) -> Risk | None:
        return self.findings.choice(node, self.risks, what="risk")

    def read_categories(self, node: Node) -> dict[str, Category]:
        """By id, in the order of rank."""
        found: dict[str, Category] = {}
        for item in self.findings.series(node, "categories"):
            category = self._category(item, len(found))
            if category is None:
                continue
            if category.id in found:
                message = f'category "{category.id}" stands here twice'
                self.findings.error(item.place, "duplicate-id", message)
                continue
            found[category.id] = category
        if TRIAGE not in found:
            message = f'the category "{TRIAGE}" is missing: mail that nothing matches goes there'
            self.findings.error(node.place, "no-triage", message)
        self._check_completeness(found)
        return found

    def read_flags(self, node: Node) -> dict[str, Flag]:
        found: dict[str, Flag] = {}
        for item in self.findings.series(node, "flags"):
            table = self.findings.table(item, "a flag", FLAG_KEYS)
            name = self._id(table, "flag") if table is not None else None
            if table is None or name is None:
                continue
            if name.text in found:
                message = f'flag "{name.text}" stands here twice'
                self.findings.error(name.place, "duplicate-id", message, width=len(name.text))
            note = self.findings.text(table.get("note"), "note")
            what = f'flag "{name.text}"'
            found[name.text] = Flag(
                id=name.text,
                risk=self.risk(table.get("risk")),
                escalate_to=self._targets(table, "escalate_to", what),
                note=note.text if note else "",
            )
        return found

    def _category(self, node: Node, rank: int) -> Category | None:
        table = self.findings.table(node, "a category", CATEGORY_KEYS)
        name = self._id(table, "category") if table is not None else None
        if table is None or name is None:
            return None
        what = f'category "{name.text}"'
        self.places[name.text] = name.place
        owner, label = self._owner(table, what), self.findings.text(table.get("label"), "label")
        reply, note = self._reply(table, what), self.findings.text(table.get("note"), "note")
        return Category(
            id=name.text,
            rank=rank,
            label=label.text if label else name.text.replace("_", " "),
            team=self._team(table, name),
            sla=self._sla(table, what, name.place),
            risk=self.risk(table.get("risk")) or self.defaults.risk,
            sensitive=self.findings.yes_no(table.get("sensitive"), f"{what}: sensitive"),
            group=self.findings.choice(
                table.get("group"), {group.value: group for group in Group}, what="group"
            ),
            owner=owner,
            escalate_to=self._targets(table, "escalate_to", what),
            escalate_to_alternate=self._targets(table, "escalate_to_alternate", what),
            reply=reply,
            tags=texts_of(self.findings.texts(table.get("tags"), f"{what}: tags")),
            retention=self._retention(table.get("retention"), what),
            handled_by=self.findings.choice(
                table.get("handled_by"), {kind.value: kind for kind in HandledBy}, what="handler"
            )
            or HandledBy.INTERNAL,
            note=note.text if note else "",
        )

    def _id(self, table: Table, what: str) -> Named | None:
        name = self.findings.text(table.get("id"), f"{what}: id")
        if name is None:
            if table.get("id") is None:
                self.findings.error(table.place, "no-id", f"this {what} has no id")
            return None
        if _ID.fullmatch(name.text) is None:
            message = f'"{name.text}": an id has small letters, digits, "_" and "-" only'
            self.findings.error(name.place, "id", message, width=len(name.text))
            return None
        return name

    def _team(self, table: Table, name: Named) -> str:
        team = self.findings.text(table.get("team"), f'category "{name.text}": team')
        if team is None:
            if table.get("team") is None:
                message = f'category "{name.text}" has no team'
                self.findings.error(name.place, "no-team", message, width=len(name.text))
            return ""
        if self.known.teams is not None:
            self.findings.known(team, self.known.teams, what="team")
        return team.text

    def _owner(self, table: Table, what: str) -> str:
        owner = self.findings.text(table.get("owner"), f"{what}: owner")
        if owner is None:
            return OwnerPolicy.LEAST_LOADED
        if "@" in owner.text:
            self.known.check_targets(self.findings, (owner,))
            return owner.text
        policies = [policy.value for policy in OwnerPolicy]
        self.findings.known(owner, policies, what="owner", code="unknown-owner")
        return owner.text

    def _sla(self, table: Table, what: str, place: Place) -> str:
        sla = self.findings.text(table.get("sla"), f"{what}: sla")
        if sla is not None:
            self.known.check_sla(self.findings, sla)
            return sla.text
        if self.defaults.sla is None:
            message = f"{what} has no sla, and defaults name none"
            self.findings.error(place, "no-sla", message)
        return self.defaults.sla or STANDARD_SLA

    def _reply(self, table: Table, what: str) -> str | None:
        reply = self.findings.text(table.get("reply"), f"{what}: reply")
        if reply is not None:
            self.known.check_template(self.findings, reply)
        return reply.text if reply else None

    def _targets(self, table: Table, key: str, what: str) -> tuple[str, ...]:
        targets = self.findings.texts(table.get(key), f"{what}: {key}")
        return self.known.check_targets(self.findings, targets)

    def _retention(self, node: Node | None, what: str) -> Retention | None:
        if node is None:
            return None
        if not isinstance(node, Table):
            period = self.findings.text(node, f"{what}: retention")
            return self._checked_retention(period, "", "closing", what) if period else None
        table = self.findings.table(node, f"{what}: retention", RETENTION_KEYS)
        if table is None:
            return None
        basis = self.findings.text(table.get("basis"), f"{what}: basis")
        starts = {name: name for name in ("closing", "year_end", "last_action")}
        start = self.findings.choice(table.get("from"), starts, what="start of retention")
        period = self.findings.text(table.get("period"), f"{what}: period")
        if period is None:
            message = f"{what}: retention needs a period"
            self.findings.error(node.place, "retention", message)
            return None
        found = self._checked_retention(
            period, basis.text if basis else "", start or "closing", what
        )
        hold = self.findings.yes_no(table.get("hold"), f"{what}: hold")
        return Retention(found.period, found.basis, found.starts, hold=hold) if found else None

    def _checked_retention(
        self, period: Named, basis: str, starts: str, what: str
    ) -> Retention | None:
        if _PERIOD.fullmatch(period.text) is None:
            message = f'{what}: "{period.text}" is no period: write it like 3 years'
            self.findings.error(period.place, "retention", message, width=len(period.text))
            return None
        return Retention(period.text, basis, starts)

    def _nothing(self, node: Node | None) -> tuple[str, Risk]:
        if node is None:
            return TRIAGE, Risk.MODERATE
        table = self.findings.table(node, "if_nothing_matches", ("category", "risk"))
        if table is None:
            return TRIAGE, Risk.MODERATE
        category = self.findings.text(table.get("category"), "if_nothing_matches: category")
        if category is not None:
            self.places["if_nothing_matches"] = category.place
        return category.text if category else TRIAGE, self.risk(table.get("risk")) or Risk.MODERATE

    def _unsure_team(self, node: Node | None) -> str | None:
        table = self.findings.table(node, "if_unsure", ("team",)) if node is not None else None
        team = self.findings.text(table.get("team"), "if_unsure: team") if table else None
        if team is not None and self.known.teams is not None:
            self.findings.known(team, self.known.teams, what="team")
        return team.text if team else None

    def _check_completeness(self, categories: Mapping[str, Category]) -> None:
        """Sensitive ones need an escalation and an alternate; the rest only be consistent."""
        others = [one for one in categories.values() if not one.is_triage]
        some_retain = any(one.retention for one in others)
        some_escalate = any(one.escalate_to for one in others if not one.sensitive)
        for category in others:
            place, what = self.places[category.id], f'category "{category.id}"'
            width = len(category.id)
            if category.sensitive and not category.escalate_to:
                message = f"{what} is sensitive and has no escalate_to"
                self.findings.error(place, "no-escalation", message, width=width)
            alternates = category.escalate_to_alternate or self.defaults.escalate_to_alternate
            if category.sensitive and not alternates:
                message = f"{what} is sensitive and has no escalate_to_alternate"
                self.findings.error(place, "no-alternate", message, width=width)
            if some_retain and category.retention is None:
                message = f"{what} has no retention, though others have"
                self.findings.warning(place, "no-retention", message, width=width)
            if some_escalate and not category.escalate_to:
                message = f"{what} has no escalate_to, though others have"
                self.findings.warning(place, "no-escalation", message, width=width)
