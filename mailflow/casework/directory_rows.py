"""One row of the directory to one Employee."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from mailflow.core.case.people import Employee, normal_address
from mailflow.core.mail.addresses import is_addr_spec
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from mailflow.errors import Mistake
    from mailflow.located import Place

_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "sí", "si"})
_NO = frozenset({"", "no", "n", "false", "0", "nein", "non"})
_STATUSES = {
    "active": ("active", "current", "employed", "full time", "part time", "regular", "probation"),
    "leave": ("leave", "on leave", "leave of absence", "loa", "parental leave", "sabbatical"),
    "left": ("left", "leaver", "inactive", "terminated", "former", "resigned", "retired", "alumni"),
}
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words}
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
# What stands after a comma in a name that is not turned round.
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "esq."})
_COUNTRY_CODE_LENGTH = 2


@dataclass(frozen=True)
class Cells:
    """The stripped values of one row, and where it stands."""

    values: tuple[str, ...]
    place: Place
    positions: dict[str, int] = field(default_factory=dict)

    def get(self, name: str) -> str:
        position = self.positions.get(name)
        return "" if position is None else self.values[position]

    def place_of(self, position: int) -> Place:
        return self.place_of_text(self.values[position])

    def place_of_field(self, name: str) -> Place:
        return self.place_of_text(self.get(name))

    def place_of_text(self, text: str) -> Place:
        """Where in the line the text stands; its start when quoting hides it."""
        found = self.place.source_line.lower().find(text.lower()) if text else -1
        return replace(self.place, column=max(found, 0) + 1)


def read_employee(cells: Cells) -> tuple[Employee | None, list[Mistake]]:
    """The person of a row, None without an address; ``manager`` is still as it was written."""
    row = _Row(cells)
    name, email = row.name(), row.email()
    others = row.other_emails()
    if not email and others:
        email, *others = others
    if not email:
        row.note("email", "missing", "this person has no email, the name cases know them by")
        return None, row.mistakes
    employee = Employee(
        name=name,
        email=email,
        other_emails=tuple(dict.fromkeys(other for other in others if other != email)),
        manager=row.text("manager"),
        title=row.text("title"),
        department=row.text("department"),
        site=row.text("site"),
        country=row.country(),
        locale=row.locale(),
        timezone=row.timezone(),
        payroll_group=row.text("payroll_group"),
        status=row.status(),
        executive=row.executive(),
    )
    return employee, row.mistakes


class _Row:
    """Takes the typed values of one row; what does not fit becomes a mistake."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self.mistakes: list[Mistake] = []

    def note(self, name: str, code: str, message: str) -> None:
        place = self._cells.place_of_field(name)
        width = max(len(self._cells.get(name)), 1)
        self.mistakes.append(place.mistake(code, message, width=width))

    def text(self, name: str) -> str | None:
        value = self._cells.get(name)
        if _CONTROL.search(value):
            self.note(name, "value", f"{name} holds a line break or another control character")
            return None
        return value or None

    def name(self) -> str:
        name = self.text("name")
        if name is None:
            parts = (self.text("first_name"), self.text("last_name"))
            name = " ".join(part for part in parts if part)
        if not name:
            self.note("name", "missing", "this person has no name")
        last, comma, first = (part.strip() for part in name.partition(","))
        is_turned = comma and first and "," not in first and first.lower() not in _SUFFIXES
        return f"{first} {last}" if is_turned else name

    def email(self) -> str:
        email = self._cells.get("email")
        return self._address("email", email) if email else ""

    def other_emails(self) -> list[str]:
        words = re.split(r"[;,\s]+", self._cells.get("other_emails"))
        return [self._address("other_emails", word) for word in words if word]

    def country(self) -> str | None:
        country = self.text("country")
        is_code = country is not None and len(country) == _COUNTRY_CODE_LENGTH
        return country.upper() if country and is_code else country

    def locale(self) -> str | None:
        locale = (self.text("locale") or "").replace("_", "-")
        language, dash, rest = locale.partition("-")
        locale = f"{language.lower()}{dash}{rest}"
        if locale and not _LOCALE.fullmatch(locale):
            self.note("locale", "value", f'"{locale}" is no language tag: write en, de or de-CH')
            return None
        return locale or None

    def timezone(self) -> str | None:
        zone = self.text("timezone")
        if zone and zone not in _timezones():
            self.note("timezone", "value", _unknown_timezone(zone))
            return None
        return zone

    def status(self) -> str:
        written = self._cells.get("status")
        word = " ".join(written.lower().replace("_", " ").replace("-", " ").split())
        if word and word not in _STATUS_OF:
            self.note("status", "value", _unknown_status(written))
        return _STATUS_OF.get(word, "active")

    def executive(self) -> bool:
        word = self._cells.get("executive").lower()
        if word not in _YES | _NO:
            self.note("executive", "value", f'executive is yes or no, not "{word}"')
        return word in _YES

    def _address(self, name: str, text: str) -> str:
        if is_addr_spec(text):
            return normal_address(text)
        self.note(name, "address", f'"{text}" is no mail address: write it bare')
        return normal_address(text)


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


# A column that is wrong throughout is wrong in few words: each is looked up once.
@lru_cache(maxsize=1024)
def _unknown_timezone(zone: str) -> str:
    return unknown_name(zone, _timezones(), what="time zone")


@lru_cache(maxsize=1024)
def _unknown_status(written: str) -> str:
    return unknown_name(written, _STATUS_OF, what="status")
