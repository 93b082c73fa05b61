"""The shapes of staff.yaml: located YAML to people and teams that remember their places.

Whether names refer to anything is asked in staff_checks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from mailflow.core.case.people import HandledBy, Role, StaffMember, Team, normal_address
from mailflow.core.mail.addresses import is_addr_spec
from mailflow.located import Leaf, Series, Table, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.errors import Mistake
    from mailflow.located import Node, Place

FILE_KEYS = (
    "people",
    "left",
    "teams",
    "fallback_owner",
    "independent_contact",
    "rules_admins",
    "auditor",
)
_PERSON_KEYS = (
    "name",
    "email",
    "other_emails",
    "roles",
    "team",
    "training_until",
    "provider",
    "delegate",
    "assistant_reads",
)
_LEAVER_KEYS = ("email", "handover_to")
_TEAM_KEYS = ("lead", "members", "calendar", "handled_by")


@dataclass(frozen=True)
class Named:
    """An address or a name, with the place where it stands."""

    text: str
    place: Place


@dataclass(frozen=True)
class PersonEntry:
    member: StaffMember
    place: Place
    names: Mapping[str, Named]
    addresses: tuple[Named, ...]


@dataclass(frozen=True)
class TeamEntry:
    team: Team
    place: Place
    lead: Named
    members: tuple[Named, ...]


@dataclass(frozen=True)
class LeaverEntry:
    """Somebody who works here no more, and who takes over."""

    email: Named
    handover_to: Named


@dataclass(frozen=True)
class Fields:
    """Takes typed values out of one table; everything that does not fit becomes a mistake."""

    table: Table
    what: str
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        for entry in self.table:
            if entry.key not in known:
                message = unknown_name(entry.key, known, what="key")
                self._note(entry.place, "unknown-key", message, width=len(entry.key))

    def text(self, key: str) -> Named | None:
        node = self.table.get(key)
        if node is None or (isinstance(node, Leaf) and node.value is None):
            return None
        if isinstance(node, Leaf) and isinstance(node.value, str) and node.value.strip():
            return Named(node.value.strip(), node.place)
        self._note(node.place, "value", f"{key} must be a text")
        return None

    def required_text(self, key: str) -> Named | None:
        node = self.table.get(key)
        if node is None or (isinstance(node, Leaf) and node.value is None):
            self._note(self.table.place, "missing", f"{self.what} has no {key}: add {key}: …")
            return None
        return self.text(key)

    def address(self, key: str) -> Named | None:
        return self._as_address(self.text(key))

    def required_address(self, key: str) -> Named | None:
        return self._as_address(self.required_text(key))

    def texts(self, key: str) -> tuple[Named, ...]:
        node = self.table.get(key)
        if node is None or (isinstance(node, Leaf) and node.value is None):
            return ()
        if not isinstance(node, Series):
            self._note(node.place, "value", f"{key} must be a list: [one, another]")
            return ()
        named = []
        for item in node:
            if isinstance(item, Leaf) and isinstance(item.value, str):
                named.append(Named(item.value.strip(), item.place))
            else:
                self._note(item.place, "value", f"{key} must be a list of texts")
        return tuple(named)

    def addresses(self, key: str) -> tuple[Named, ...]:
        found = (self._as_address(named) for named in self.texts(key))
        return tuple(address for address in found if address)

    def flag(self, key: str) -> bool:
        node = self.table.get(key)
        if node is None:
            return False
        if isinstance(node, Leaf) and isinstance(node.value, bool):
            return node.value
        self._note(node.place, "value", f"{key} must be true or false")
        return False

    def day(self, key: str) -> date | None:
        named = self.text(key)
        if named is None:
            return None
        try:
            return date.fromisoformat(named.text)
        except ValueError:
            message = f'{key} must be a day like 2027-06-30, not "{named.text}"'
            self._note(named.place, "value", message, width=len(named.text))
            return None

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        named = self.text(key)
        if named is None or named.text in choices:
            return named.text if named else default
        self.refuse_name(named, choices, what=key)
        return default

    def refuse_name(self, named: Named, known: tuple[str, ...], *, what: str) -> None:
        message = unknown_name(named.text, known, what=what)
        self._note(named.place, "unknown-name", message, width=len(named.text))

    def _as_address(self, named: Named | None) -> Named | None:
        if named is None:
            return None
        if is_addr_spec(named.text):
            return Named(normal_address(named.text), named.place)
        message = f'"{named.text}" is no mail address: write it bare, like dana@acme.example'
        self._note(named.place, "address", message, width=len(named.text))
        return None

    def _note(self, place: Place, code: str, message: str, *, width: int = 1) -> None:
        self.mistakes.append(place.mistake(code, message, width=width))


def read_person(node: Node) -> tuple[PersonEntry | None, list[Mistake]]:
    if not isinstance(node, Table):
        return None, [node.place.mistake("value", 'a person is {name: "…", email: …, roles: […]}')]
    fields = Fields(node, "a person")
    fields.refuse_unknown(_PERSON_KEYS)
    name = fields.required_text("name")
    email = fields.required_address("email")
    others = fields.addresses("other_emails")
    names = {"team": fields.text("team"), "delegate": fields.address("delegate")}
    member = StaffMember(
        name=name.text if name else "",
        email=email.text if email else "",
        other_emails=tuple(other.text for other in others),
        roles=_read_roles(fields),
        team=_text_of(names["team"]),
        training_until=fields.day("training_until"),
        provider=fields.flag("provider"),
        delegate=_text_of(names["delegate"]),
        assistant_reads=fields.flag("assistant_reads"),
    )
    if email is None:
        return None, fields.mistakes
    present = {key: named for key, named in names.items() if named}
    return PersonEntry(member, email.place, present, (email, *others)), fields.mistakes


def read_leaver(node: Node) -> tuple[LeaverEntry | None, list[Mistake]]:
    if not isinstance(node, Table):
        shape = "somebody who left is {email: …, handover_to: …}"
        return None, [node.place.mistake("value", shape)]
    fields = Fields(node, "somebody who left")
    fields.refuse_unknown(_LEAVER_KEYS)
    email = fields.required_address("email")
    successor = fields.required_address("handover_to")
    if email is None or successor is None:
        return None, fields.mistakes
    return LeaverEntry(email, successor), fields.mistakes


def read_team(name: str, node: Node) -> tuple[TeamEntry | None, list[Mistake]]:
    if not isinstance(node, Table):
        return None, [node.place.mistake("value", f"team {name} is {{lead: …, members: […]}}")]
    fields = Fields(node, f"team {name}")
    fields.refuse_unknown(_TEAM_KEYS)
    lead = fields.required_address("lead")
    members = fields.addresses("members")
    calendar = fields.text("calendar")
    handled_by = fields.choice("handled_by", tuple(HandledBy), HandledBy.INTERNAL)
    if lead is None:
        return None, fields.mistakes
    team = Team(
        name=name,
        lead=lead.text,
        members=tuple(member.text for member in members),
        calendar=_text_of(calendar),
        handled_by=HandledBy(handled_by),
    )
    return TeamEntry(team, node.place, lead, members), fields.mistakes


def _read_roles(fields: Fields) -> frozenset[Role]:
    known = tuple(Role)
    named = fields.texts("roles")
    for role in named:
        if role.text not in known:
            fields.refuse_name(role, known, what="role")
    return frozenset(Role(role.text) for role in named if role.text in known)


def _text_of(named: Named | None) -> str | None:
    return named.text if named else None
