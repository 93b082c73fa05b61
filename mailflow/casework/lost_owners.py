"""People who left staff.yaml and still own open cases: their work is given on first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailflow.errors import Mistake
from mailflow.store import case_pages, cases
from mailflow.store.session import reading

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from mailflow.core.case.people import Staff
    from mailflow.keys.keyring import Keyring

_MOST_SHOWN = 5
_CODE = "owns-cases"


def find_lost_owners(
    engine: Engine, keyring: Keyring, staff: Staff, *, file: str
) -> tuple[Mistake, ...]:
    """One mistake a person, with the cases. Raises TemporaryError."""
    known = {address for person in staff.people for address in person.addresses}
    known |= {staff.fallback_owner, staff.independent_contact, *staff.left}
    with reading(engine) as connection:
        lost = case_pages.cases_without_owner(connection, keyring, known)
        loaded = cases.load_cases(connection, keyring, {uid for uid, _ in lost})
    owned: dict[str, list[str]] = {}
    for one in loaded.values():
        owned.setdefault(one.case.owner, []).append(one.case.ref)
    return tuple(
        Mistake(file, 0, 0, _CODE, _message(owner, sorted(refs)))
        for owner, refs in sorted(owned.items())
    )


def _message(owner: str, refs: list[str]) -> str:
    shown = ", ".join(refs[:_MOST_SHOWN])
    more = f" and {len(refs) - _MOST_SHOWN} more" if len(refs) > _MOST_SHOWN else ""
    count = "an open case" if len(refs) == 1 else f"{len(refs)} open cases"
    return (
        f"{owner} is not among the people any more, but owns {count} ({shown}{more}): "
        f"say under left: who takes over, - {{email: {owner}, handover_to: NAME@…}}, "
        "or put them back"
    )
