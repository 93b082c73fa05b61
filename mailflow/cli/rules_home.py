"""Where the `rules` commands find rules and names, and the seam to what the store keeps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Protocol

import typer

from mailflow.casework.directory_file import read_directory
from mailflow.casework.rules_bundle import check_rules, compile_texts
from mailflow.core.policy.rules.known_names import KnownNames
from mailflow.errors import MailflowError
from mailflow.located import Series, Table, plain
from mailflow.shipped_files import shipped_folder
from mailflow.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from mailflow.core.case.people import Directory
    from mailflow.core.policy.rules.backtest import CaseMail, PastMail
    from mailflow.core.policy.rules.bundle import Bundle
    from mailflow.errors import Mistake

HELD_OPEN: ContextVar[ExitStack] = ContextVar("held_open")
"""What one command opened, and closes at its end."""

NO = 1
USAGE = 2
INVALID = 3


AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        envvar="MAILFLOW_AS",
        metavar="STAFF_EMAIL",
        help="Who asks: mail of cases is shown to those who may read them. It is on record.",
    ),
]


class StoredRules(Protocol):
    """What only an instance with a database knows. Every text is the content of one file."""

    def in_force(self) -> tuple[str, int] | None:
        """(bundle id, serial) of the last activated bundle."""
        ...

    def texts_of(self, bundle_id: str) -> Mapping[str, str] | None: ...

    def past_mails(self, since: datetime) -> Iterator[PastMail]: ...

    def case_mail(self, reference: str) -> CaseMail | None:
        """None when there is no such case, and when the asker may not read it."""
        ...

    def lost_owners(self) -> tuple[Mistake, ...]:
        """People who left staff.yaml with open cases."""
        ...

    def activate(self, texts: Mapping[str, str], bundle_id: str) -> int:
        """Store the bundle and the fact of its activation; its serial."""
        ...


def _open_instance(home: Path, asker: str | None) -> StoredRules | None:
    """Only an instance with its settings has a store, and only then is one imported."""
    if not (home / "config" / "mailflow.yaml").is_file():
        return None
    from mailflow.cli.rules_store import open_stored_rules  # noqa: PLC0415 - see above.

    return open_stored_rules(home, asker)


_openers: list[Callable[[Path, str | None], StoredRules | None]] = [_open_instance]


def plug_store(opener: Callable[[Path, str | None], StoredRules | None]) -> None:
    """Let the commands reach another store than the instance's own."""
    _openers[:] = [opener]


def open_store(home: Path, asker: str | None = None) -> StoredRules | None:
    """The store as one person (None: an operator) may see it; None where there is none."""
    try:
        return _openers[0](home, asker)
    except MailflowError as error:
        typer.echo(f"The instance's database is left out: {error}", err=True)
        return None


def require_store(home: Path, wanted: str, *, asker: str | None = None) -> StoredRules:
    store = open_store(home, asker)
    if store is None:
        refuse(f"{wanted} needs the instance's database, and there is none here")
    return store


def refuse(message: str) -> NoReturn:
    """The command was called wrongly, or a file cannot be read: exit 2."""
    typer.echo(message, err=True)
    raise typer.Exit(USAGE)


def rules_folder(home: Path, given: Path | None = None) -> Path:
    """The folder with the rules: the one given (or its ``rules``), else the instance's."""
    folder = given if given is not None else home / "rules"
    if (folder / "rules").is_dir() and not any(folder.glob("*.yaml")):
        folder = folder / "rules"
    if folder.is_file():
        refuse(f"{folder} is a file: give the folder that it lies in, all its rules are one set")
    if not folder.is_dir():
        refuse(f"{folder}: no such folder")
    if not any(folder.glob("*.y*ml")):
        refuse(f"{folder}: there is no file of rules (.yaml) in this folder")
    return folder


def known_names(home: Path) -> KnownNames:
    """Teams and people of config/staff.yaml; None of them when the file is missing or broken."""
    teams, people = _staff_names(home / "config" / "staff.yaml")
    names: set[str] | None = None
    if (home / "templates").is_dir():
        folders = (home / "templates", shipped_folder("templates"))
        names = {path.name for folder in folders for path in folder.iterdir() if path.is_dir()}
    return KnownNames(teams=teams, people=people, templates=names)


def look_at_rules(
    home: Path, folder: Path, *, is_for_instance: bool = False
) -> tuple[Bundle | None, tuple[Mistake, ...]]:
    """Rules outside the instance are judged by the staff beside them, unless they are meant for
    the instance.
    """
    is_ours = is_for_instance or folder.resolve().is_relative_to(home.resolve())
    known = known_names(home if is_ours else folder.resolve().parent)
    try:
        return check_rules(folder, known)
    except OSError as error:
        refuse(f"{folder}: {error.strerror}")


def open_rules(home: Path, given: str | None = None) -> Bundle:
    """The bundle of a folder, of the instance, or a stored one by its id. Invalid: exit 3."""
    folder = Path(given) if given is not None else None
    if given is not None and not Path(given).exists() and _is_bundle_id(given):
        return _stored_bundle(home, given)
    return require_good(*look_at_rules(home, rules_folder(home, folder)))


def open_rules_for(home: Path, folder: Path) -> Bundle:
    """The bundle of a folder as the instance's own staff and mails allow it. Invalid: exit 3."""
    return require_good(*look_at_rules(home, folder, is_for_instance=True))


def require_good(bundle: Bundle | None, mistakes: tuple[Mistake, ...]) -> Bundle:
    if bundle is None:
        for mistake in mistakes:
            if mistake.severity == "error":
                typer.echo(str(mistake), err=True)
        raise typer.Exit(INVALID)
    return bundle


def open_rules_in_force(home: Path) -> Bundle:
    """The last activated bundle where one is on record, else what the instance's folder holds."""
    store = open_store(home)
    current = store.in_force() if store is not None else None
    return open_rules(home) if current is None else _stored_bundle(home, current[0])


def open_directory(home: Path) -> Directory | None:
    """The people, as far as the file can be read: explaining a mail does not need them all."""
    path = home / "config" / "directory.csv"
    return read_directory(path).directory if path.is_file() else None


def _stored_bundle(home: Path, bundle_id: str) -> Bundle:
    texts = require_store(home, f"bundle {bundle_id}").texts_of(bundle_id)
    if texts is None:
        refuse(f"no bundle {bundle_id} was ever in force here")
    bundle, mistakes = compile_texts(texts, KnownNames())
    if bundle is None:
        refuse(f"bundle {bundle_id} is of another version: {mistakes[0]}")
    return bundle


def _is_bundle_id(text: str) -> bool:
    return len(text) == 12 and all(c in "0123456789abcdef" for c in text)  # noqa: PLR2004 - digits of an id.


def _staff_names(path: Path) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    if not path.is_file():
        return None, None
    node, mistakes = read_yaml(path.read_text(encoding="utf-8", errors="replace"), path.name)
    if mistakes or not isinstance(node, Table):
        return None, None
    teams, people = node.get("teams"), node.get("people")
    team_names = frozenset(entry.key for entry in teams) if isinstance(teams, Table) else None
    addresses: set[str] = set()
    for person in people if isinstance(people, Series) else ():
        value = plain(person)
        if isinstance(value, dict):
            others = value.get("other_emails")
            for address in (value.get("email"), *(others if isinstance(others, list) else ())):
                addresses.add(str(address).lower())
    for key in ("fallback_owner", "independent_contact"):
        contact = node.get(key)
        addresses |= {str(plain(contact)).lower()} if contact is not None else set()
    return team_names, frozenset(addresses)
