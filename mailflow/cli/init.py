"""`mailflow init DIR`: writes a commented starter instance and a fresh keyring."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailflow.cli.starter import Site, plan_instance
from mailflow.clock import SystemClock
from mailflow.core.mail.addresses import is_addr_spec
from mailflow.keys.keyring import create_keyring
from mailflow.settings.values import read_address, read_domain

if TYPE_CHECKING:
    from collections.abc import Callable

_TRAINING = timedelta(days=365)
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to write; it is made if need be.")
    ],
    organization: Annotated[str | None, typer.Option(help="The organisation's name.")] = None,
    domain: Annotated[str | None, typer.Option(help="Its mail domain, like acme.example.")] = None,
    address: Annotated[str | None, typer.Option(help="The address people write to.")] = None,
    admin: Annotated[
        str | None, typer.Option(help="Your own address: you are every team at first.")
    ] = None,
) -> None:
    """Write a starter instance: config, rules, templates, and a fresh keyring.

    Asks for what is not given when standard input is a terminal, and fills in defaults otherwise.
    Never overwrites a file.

    Example: mailflow init /srv/hr --organization Acme --domain acme.example
    """
    site = _settle_site(organization, domain, address, admin)
    files = plan_instance(site)
    keyring = Path("var", "keyring.json")
    standing = [path for path in (*files, keyring) if (folder / path).exists()]
    if standing:
        typer.echo(f"nothing was written: in {folder} there are already", err=True)
        for path in standing:
            typer.echo(f"  {path}", err=True)
        raise typer.Exit(1)
    try:
        _write_files(folder, files)
        create_keyring(folder / keyring)
    except OSError as error:
        typer.echo(f"cannot write {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    _tell_next_steps(folder, site, len(files))


def _settle_site(
    organization: str | None, domain: str | None, address: str | None, admin: str | None
) -> Site:
    if domain is None and address is not None and "@" in address:
        domain = address.partition("@")[2]
    name = organization or _ask("The organisation's name", "Acme")
    domain = _valid(read_domain, domain or _ask("Its mail domain", "acme.example"), "--domain")
    address = _valid(
        read_address, address or _ask("The address people write to", f"hr@{domain}"), "--address"
    )
    admin = _valid(read_address, admin or _ask("Your own address", f"hr-admin@{domain}"), "--admin")
    if not is_addr_spec(admin):
        raise typer.BadParameter(f"{admin} names no domain of the Internet", param_hint="--admin")
    if admin == address:
        raise typer.BadParameter(
            "this is the address people write to: mail to you would open cases of its own",
            param_hint="--admin",
        )
    trained_until = (SystemClock().now() + _TRAINING).date()
    return Site(name.strip(), domain, address, admin, trained_until)


def _ask(question: str, default: str) -> str:
    """The answer on a terminal; the default when nobody is there to answer."""
    if sys.stdin is None or not sys.stdin.isatty():
        return default
    return str(typer.prompt(question, default=default))


def _valid(read: Callable[[str], str], text: str, option: str) -> str:
    try:
        return read(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _write_files(folder: Path, files: dict[Path, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "var").mkdir(exist_ok=True)
    (folder / "var").chmod(_PRIVATE_FOLDER)
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(content)
        if path.suffix == ".csv":
            target.chmod(_PRIVATE_FILE)


def _tell_next_steps(folder: Path, site: Site, count: int) -> None:
    typer.echo(f"wrote {count} files and a fresh keyring to {folder}")
    typer.echo(
        f"""
Next:
  1. config/mailflow.yaml: your mail server, and the variables that hold its passwords
  2. config/staff.yaml: who works on cases (for now {site.admin} is every team)
  3. mailflow directory import FILE --home {folder}: the employees, as your HRIS exports them
  4. mailflow check --home {folder}
Keep a copy of var/keyring.json somewhere else: without it nothing that is stored can be read.
For paper in a safe: mailflow keys sheet --home {folder}, once mailflow has run."""
    )
