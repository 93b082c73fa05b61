"""Which column of an HRIS export is which: names in any order and case, and their synonyms."""

from __future__ import annotations

from dataclasses import dataclass

from mailflow.located import nearest

FIELDS = (
    "name",
    "email",
    "other_emails",
    "manager",
    "title",
    "department",
    "site",
    "country",
    "locale",
    "timezone",
    "payroll_group",
    "status",
    "executive",
)

# As Workday, SAP SuccessFactors, BambooHR, Personio, ADP and Excel lists head their columns, in
# English, German, French and Spanish.
# Where an export holds several of one row, the one named first is taken.
_SYNONYMS = {
    "name": (
        "name",
        "full name",
        "display name",
        "employee name",
        "legal name",
        "employee",
        "vollständiger name",
        "mitarbeiter",
        "nom complet",
        "nombre completo",
    ),
    "first_name": (
        "first name",
        "preferred first name",
        "given name",
        "forename",
        "vorname",
        "prénom",
        "nombre",
    ),
    "last_name": (
        "last name",
        "surname",
        "family name",
        "nachname",
        "familienname",
        "nom",
        "nom de famille",
        "apellidos",
    ),
    "email": (
        "email",
        "work email",
        "work email address",
        "business email",
        "primary email",
        "company email",
        "email address",
        "mail",
        "email adresse",
        "email geschäftlich",
        "geschäftliche email",
        "adresse email",
        "courriel",
        "email professionnel",
        "correo electrónico",
        "correo",
    ),
    "other_emails": (
        "other emails",
        "other email",
        "email aliases",
        "aliases",
        "secondary email",
        "additional emails",
        "home email",
        "personal email",
        "private email",
    ),
    "manager": (
        "manager email",
        "manager email address",
        "supervisor email",
        "manager",
        "supervisor",
        "reports to",
        "line manager",
        "reporting to",
        "vorgesetzter",
        "vorgesetzte",
        "vorgesetzte r",
        "führungskraft",
        "responsable",
        "responsable hiérarchique",
        "jefe",
        "supervisor directo",
    ),
    "title": (
        "title",
        "job title",
        "position",
        "business title",
        "job",
        "stelle",
        "stellenbezeichnung",
        "jobtitel",
        "poste",
        "fonction",
        "puesto",
        "cargo",
    ),
    "department": (
        "department",
        "dept",
        "org unit",
        "organizational unit",
        "business unit",
        "abteilung",
        "service",
        "département",
        "departamento",
    ),
    "site": (
        "site",
        "location",
        "work location",
        "office",
        "office location",
        "plant",
        "standort",
        "arbeitsort",
        "lieu de travail",
        "centro de trabajo",
        "ubicación",
    ),
    "country": ("country", "country code", "work country", "land", "pays", "país"),
    "locale": (
        "locale",
        "language",
        "preferred language",
        "language code",
        "sprache",
        "langue",
        "idioma",
    ),
    "timezone": ("timezone", "time zone", "tz", "zeitzone", "fuseau horaire", "zona horaria"),
    "payroll_group": (
        "payroll group",
        "pay group",
        "payroll",
        "abrechnungskreis",
        "groupe de paie",
        "grupo de nómina",
    ),
    "status": (
        "status",
        "employment status",
        "employee status",
        "beschäftigungsstatus",
        "statut",
        "estado",
    ),
    "executive": ("executive", "is executive", "exec"),
}


@dataclass(frozen=True)
class Columns:
    """Positions by field; ``first_name`` and ``last_name`` stand in where there is no name."""

    positions: dict[str, int]
    ignored: tuple[str, ...]
    slips: tuple[tuple[int, str, str], ...]

    def missing(self) -> tuple[str, ...]:
        has_name = "name" in self.positions or {"first_name", "last_name"} <= self.positions.keys()
        return tuple(
            name
            for name, present in (("name", has_name), ("email", "email" in self.positions))
            if not present
        )


def match_columns(header: list[str]) -> Columns:
    """``slips`` are (position, heading, meant) of headings that are nearly a field's own name."""
    by_heading: dict[str, int] = {}
    for position, heading in enumerate(header):
        by_heading.setdefault(_plain_heading(heading), position)
    positions: dict[str, int] = {}
    for name, synonyms in _SYNONYMS.items():
        place = next((by_heading[word] for word in synonyms if word in by_heading), None)
        if place is not None:
            positions[name] = place
    known = {word for synonyms in _SYNONYMS.values() for word in synonyms}
    absent = [name for name in FIELDS if name not in positions]
    unknown = [
        (position, heading)
        for position, heading in enumerate(header)
        if heading.strip() and _plain_heading(heading) not in known
    ]
    slips = tuple(
        (position, heading, meant)
        for position, heading in unknown
        if (meant := nearest(heading.strip().lower(), absent))
    )
    slipped = {position for position, _, _ in slips}
    ignored = tuple(heading for position, heading in unknown if position not in slipped)
    return Columns(positions, ignored, slips)


def _plain_heading(heading: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in heading.lower()).split()
    return " ".join(words).replace("e mail", "email")
