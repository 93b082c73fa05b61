"""What staff.yaml means, and what is told when it does not fit together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from mailflow.casework.staff_files import load_staff, read_staff
from mailflow.core.case.people import HandledBy, Role
from mailflow.errors import InvalidFilesError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
people:
  - {name: Dana Lead, email: Dana.Lead@acme.example, other_emails: [dl@acme.example],
     roles: [lead, handler], team: er, training_until: 2027-06-30, delegate: hana@acme.example,
     assistant_reads: true}
  - {name: Hana Handler, email: hana@acme.example, roles: [handler]}
  - {name: Pat Porter, email: pat@desk.example, roles: [handler], provider: true}
teams:
  er: {lead: dana.lead@acme.example, members: [hana@acme.example], calendar: berlin}
  benefits: {lead: hana@acme.example, members: [pat@desk.example], handled_by: provider}
fallback_owner: dana.lead@acme.example
independent_contact: counsel@lawfirm.example
rules_admins: [hana@acme.example]
auditor: audit@auditor.example
"""


def read(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    path = tmp_path / "staff.yaml"
    path.write_text(text, encoding="utf-8")
    return [(m.line, m.code, m.message) for m in read_staff(path)[1]]


def test_the_file_becomes_staff(tmp_path: Path) -> None:
    (tmp_path / "staff.yaml").write_text(FILE)
    staff = load_staff(tmp_path / "staff.yaml")
    dana = staff.member("DL@acme.example")
    assert dana is not None
    assert (dana.email, dana.delegate) == ("dana.lead@acme.example", "hana@acme.example")
    assert dana.roles == {Role.LEAD, Role.HANDLER}
    assert dana.training_until == date(2027, 6, 30)
    assert dana.assistant_reads
    assert staff.teams["benefits"].handled_by is HandledBy.PROVIDER
    assert staff.teams["er"].calendar == "berlin"
    assert staff.fallback_owner == "dana.lead@acme.example"
    assert staff.rules_admins == ("hana@acme.example",)


def test_a_file_that_fits_together_gives_no_warning(tmp_path: Path) -> None:
    assert read(tmp_path, FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("[lead, handler]", "[leed, handler]", 3, 'unknown role "leed", did you mean "lead"?'),
        ("team: er,", "team: re,", 3, 'unknown team "re"; known are: benefits, er'),
        ("delegate: hana@", "delegate: hanna@", 3, 'did you mean "hana@acme.example"?'),
        ("delegate: hana@acme", "delegate: dl@acme", 3, "nobody is their own delegate"),
        ("delegate: hana@acme", "delegate: pat@desk", 3, "cannot stand in for Dana Lead"),
        ("2027-06-30", "30.6.2027", 3, 'a day like 2027-06-30, not "30.6.2027"'),
        ("assistant_reads: true", "assistant_reads: sometimes", 4, "must be true or false"),
        ("assistant_reads", "assistent_reads", 4, 'did you mean "assistant_reads"?'),
        ("name: Hana Handler, ", "", 5, "a person has no name"),
        ("email: hana@acme.example", "email: hana", 5, '"hana" is no mail address'),
        ("roles: [handler]}", "roles: handler}", 5, "roles must be a list"),
        ("name: Hana Handler", "name: 7", 5, "name must be a text"),
        ("roles: [handler], provider", "roles: [legal], provider", 6, "cannot be legal"),
        ("email: pat@desk", "email: DL@acme", 6, "twice (first in line 2)"),
        ("lead: dana.lead", "lead: dana.leed", 8, 'did you mean "dana.lead@acme.example"?'),
        ("lead: dana.lead@acme.example, ", "", 8, "team er has no lead"),
        ("[hana@acme.example], calendar", "[ivan@x.example], calendar", 8, "unknown person"),
        (", handled_by: provider", "", 9, "not of the internal team benefits"),
        ("handled_by: provider", "handled_by: outside", 9, "known are: internal, provider"),
        ("owner: dana.lead", "owner: someone", 10, 'unknown person "someone@acme.example"'),
        ("owner: dana.lead@acme", "owner: pat@desk", 10, "of the organisation itself"),
        ("contact: counsel@lawfirm.example", "contact: counsel", 11, "is no mail address"),
        ("[hana@acme.example]\nauditor", "[nobody@x.example]\nauditor", 12, "unknown person"),
        ("auditor: audit", "auditr: audit", 13, 'did you mean "auditor"?'),
    ],
)
def test_a_mistake_is_told_at_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in FILE
    told = read(tmp_path, FILE.replace(old, new, 1))
    assert [place for place, _, words in told if message in words] == [line]
    with pytest.raises(InvalidFilesError):
        load_staff(tmp_path / "staff.yaml")


@pytest.mark.parametrize("key", ["people", "teams", "fallback_owner", "independent_contact"])
def test_a_file_without_its_four_parts_is_refused(tmp_path: Path, key: str) -> None:
    told = read(tmp_path, FILE.replace(f"{key}:", f"x_{key}:", 1))
    assert any(code == "missing" and f"has no {key}" in words for _, code, words in told)


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        FILE.replace("team: er,", "team: re,")
        .replace("lead: hana", "lead: hanne")
        .replace("audit@", "audit-")
    )
    assert [line for line, _, _ in read(tmp_path, text)] == [3, 9, 13]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            "lead: hana@acme.example, members: [pat@",
            "lead: pat@desk.example, members: [pat@",
            "provider",
        ),
        ("roles: [handler]}", "roles: [handler], team: benefits}", None),
        ("members: [hana@acme.example], ", "members: [], ", None),
        ("counsel@lawfirm.example", "hana@acme.example", "independence"),
        ("roles: [handler], provider", "roles: [handler], team: er, provider", "membership"),
    ],
)
def test_a_doubt_is_a_warning_and_lets_the_file_pass(
    tmp_path: Path, old: str, new: str, code: str | None
) -> None:
    assert old in FILE
    told = read(tmp_path, FILE.replace(old, new, 1))
    assert [found for _, found, _ in told] == ([code] if code else [])
    load_staff(tmp_path / "staff.yaml")


@pytest.mark.parametrize(
    "text", ["", "- a\n", "people: x\n", "people: {a: b}\nteams: [c]\n", "\tx"]
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "staff.yaml").write_text(text)
    with pytest.raises(InvalidFilesError) as caught:
        load_staff(tmp_path / "staff.yaml")
    assert caught.value.mistakes


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFilesError, match="is not there"):
        load_staff(tmp_path / "staff.yaml")


LEFT = "left:\n  - {email: gone@acme.example, handover_to: hana@acme.example}\n"


def test_whoever_left_is_no_staff_any_more_but_has_an_heir(tmp_path: Path) -> None:
    (tmp_path / "staff.yaml").write_text(FILE + LEFT)
    staff = load_staff(tmp_path / "staff.yaml")
    assert staff.member("gone@acme.example") is None
    assert staff.left == {"gone@acme.example": "hana@acme.example"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("gone@", "pat@desk.example, x: gone@", 'unknown key "x"'),
        ("gone@acme.example", "hana@acme.example", "is among the people"),
        ("to: hana@acme.example", "to: hanna@acme.example", 'did you mean "hana@acme.example"?'),
        ("gone@acme.example", "counsel@lawfirm.example", "not for HR"),
        ("handover_to: hana@acme.example", "handover: x", "has no handover_to"),
        (LEFT[6:], LEFT[6:] * 2, "stands here twice (first in line 15)"),
        (LEFT[6:], "  hana@acme.example\n", "left must be a list"),
    ],
)
def test_a_mistake_about_whoever_left_is_named(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert old in LEFT
    told = read(tmp_path, FILE + LEFT.replace(old, new))
    assert any(message in text for _, _, text in told), told
