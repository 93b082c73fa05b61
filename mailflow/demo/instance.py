"""The playground's instance on disk: the shipped sample company, on the private servers."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from mailflow.casework.staff_files import load_directory, load_staff
from mailflow.demo.company import ALIAS, gather_company
from mailflow.demo.post_office import AUTHSERV_ID
from mailflow.errors import MailflowError
from mailflow.keys.keyring import create_keyring
from mailflow.shipped_files import shipped_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from mailflow.demo.company import Company

MARK = ".mailflow-demo"
ACCOUNTS = "accounts.txt"
_TRAINED_FOR = timedelta(days=365)
_TRAINING = re.compile(r"training_until: \d{4}-\d\d-\d\d")
_MARK_TEXT = """\
The playground of mailflow made this folder. The next `mailflow demo` here removes what is in it.
"""
_SETTINGS = """\
# The playground's own settings: private servers on loop-back, alive only while it runs.
organization: {{name: Acme, domains: [acme.example], locale: en, timezone: Europe/Berlin}}
database: sqlite:///var/mailflow.db
broker: memory://
keyring: var/keyring.json
free_space_floor: 1 MiB
reply_domain: acme.example
mailboxes:
  - name: hr
    address: {alias}
    imap:
      host: 127.0.0.1
      port: {imap_port}
      security: none                  # the connection never leaves this machine
      username: {alias}
      password: {{file: var/hr-password}}
    idle: false
    poll_seconds: 1
smtp:
  host: 127.0.0.1
  port: {smtp_port}
  security: none
  username: {alias}
  password: {{file: var/hr-password}}
# The SMTP server asks everybody for a login, removes what others wrote about the sender, and
# stamps its own word: that may be believed.
sender_authentication: {{profile: trusted-ar, authserv_id: {authserv_id}, trusted_hops: 1}}
"""


class NotOursError(MailflowError):
    """The folder is not one that the playground may remove."""


def load_company() -> Company:
    """The people of the shipped sample company, with fresh passwords."""
    config = shipped_folder("config")
    return gather_company(
        load_staff(config / "staff.yaml"), load_directory(config / "directory.csv")
    )


@contextmanager
def claimed(home: Path) -> Iterator[None]:
    """Hold the folder against a second playground. Raises NotOursError."""
    mark = home / MARK
    if home.exists() and not mark.is_file() and (not home.is_dir() or any(home.iterdir())):
        raise NotOursError(f"{home} is not the playground's: choose another folder with --home")
    home.mkdir(parents=True, exist_ok=True)
    with mark.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotOursError(
                f"another playground is running in {home}: choose another folder with --home"
            ) from None
        file.truncate(0)
        file.write(_MARK_TEXT)
        file.flush()
        yield


def write_instance(
    home: Path, company: Company, *, imap_port: int, smtp_port: int, today: date
) -> None:
    """Replace what is in the claimed folder by a fresh instance with a fresh keyring."""
    _empty(home)
    for name in ("config", "rules", "templates"):
        shutil.copytree(shipped_folder(name), home / name)
    (home / "var").mkdir(mode=0o700)
    create_keyring(home / "var" / "keyring.json")
    alias = company.find(ALIAS)
    assert alias is not None  # noqa: S101 - every company has its alias
    _write_private(home / "var" / "hr-password", f"{alias.password}\n")
    _write_private(home / ACCOUNTS, list_accounts(company, imap_port, smtp_port))
    settings = _SETTINGS.format(
        alias=ALIAS, imap_port=imap_port, smtp_port=smtp_port, authserv_id=AUTHSERV_ID
    )
    (home / "config" / "mailflow.yaml").write_text(settings, encoding="utf-8")
    _keep_trained(home / "config" / "staff.yaml", until=today + _TRAINED_FOR)


def list_accounts(company: Company, imap_port: int, smtp_port: int) -> str:
    """The whole list of logins, for people to read."""
    lines = [
        "Mail accounts of the playground, while it runs",
        "",
        f"IMAP 127.0.0.1 port {imap_port}, SMTP 127.0.0.1 port {smtp_port}",
        "No encryption, normal password; the user name is the address.",
        "",
    ]
    width = max(len(account.address) for account in company.accounts)
    lines += [
        f"{account.address:<{width}}  {account.password}  {account.part}, {account.name}"
        for account in company.accounts
    ]
    return "\n".join(lines) + "\n"


def _empty(home: Path) -> None:
    for path in home.iterdir():
        if path.name == MARK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _keep_trained(path: Path, *, until: date) -> None:
    """Nobody's training runs out in the playground, whenever it is played."""
    text = path.read_text(encoding="utf-8")
    path.write_text(_TRAINING.sub(f"training_until: {until}", text), encoding="utf-8")


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
