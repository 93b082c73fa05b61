"""What a command was given, against what there is to choose from; slips are answered with 2."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from mailflow.core.case.people import normal_address
from mailflow.located import nearest, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.case.people import Staff

Choice = TypeVar("Choice", bound=StrEnum)


def one_of(choices: type[StrEnum], *, what: str, help: str) -> Any:  # noqa: A002 - as typer has it
    """An option that takes one of these words, and names the nearest for any other."""

    def read(word: str) -> StrEnum:
        try:
            return choices(word.lower())
        except ValueError:
            names = [choice.value for choice in choices]
            raise typer.BadParameter(unknown_name(word, names, what=what)) from None

    return typer.Option(parser=read, metavar="|".join(choices), help=help)


def knows_person(staff: Staff, address: str) -> bool:
    """Whether cases may be in the hands of whoever has this address."""
    outside = map(normal_address, filter(None, (staff.independent_contact, staff.auditor)))
    return staff.member(address) is not None or normal_address(address) in outside


def unknown_person(word: str, staff: Staff) -> str:
    """The sentence for an address that nobody in staff.yaml has; a name alone finds its owner."""
    meant = dict(_words_for_people(staff))
    guess = nearest(word.casefold(), meant)
    if guess is None:
        return unknown_name(word, set(meant.values()), what="address of HR staff")
    return f'unknown address of HR staff "{word}", did you mean "{meant[guess]}"?'


def _words_for_people(staff: Staff) -> Iterator[tuple[str, str]]:
    """What somebody may type for a person, each with their address; whole addresses win."""
    for member in staff.people:
        local = member.email.partition("@")[0]
        for word in (*local.split("."), *member.name.casefold().split(), member.name.casefold()):
            yield word, member.email
    for member in staff.people:
        for address in member.addresses:
            yield address.partition("@")[0], address
            yield address, address
