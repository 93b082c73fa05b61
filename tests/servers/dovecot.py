"""A private Dovecot: any user name, one password, folders INBOX, Processed and Sent."""

from __future__ import annotations

import imaplib
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from mailflow.clock import SystemClock
from tests.servers.certificates import ServerCertificate, issue_certificate
from tests.servers.dovecot_settings import render_settings
from tests.servers.maildir import make_maildir, write_message
from tests.servers.place import (
    LOOPBACK,
    find_program,
    free_port,
    give_to_server,
    make_server_folder,
    server_user,
)
from tests.servers.process import ServerProcess

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable
    from pathlib import Path

PASSWORD = "pw"

_FETCH_HEAD = re.compile(
    rb'UID (?P<uid>\d+) FLAGS \((?P<flags>[^)]*)\) INTERNALDATE "(?P<received>[^"]+)"'
)


@dataclass(frozen=True)
class StoredMessage:
    """One message as it lies on the server; ``received`` is its INTERNALDATE."""

    uid: int
    flags: tuple[str, ...]
    received: datetime
    raw: bytes


class Dovecot:
    """``port`` speaks plain IMAP and STARTTLS, ``tls_port`` TLS from the first byte.

    Users log in with PLAIN, LOGIN, XOAUTH2 or OAUTHBEARER; password and access token are "pw".
    """

    host = LOOPBACK
    password = PASSWORD

    def __init__(self, program: Path, folder: Path, *, extra_settings: str) -> None:
        self._program = program
        self.folder = folder
        self.port = free_port()
        self.tls_port = free_port()
        self.certificate: ServerCertificate = issue_certificate(folder)
        self._extra_settings = extra_settings
        self._process: ServerProcess | None = None

    @classmethod
    def start(cls, folder: Path | None = None, *, extra_settings: str = "") -> Self:
        """Answers when this returns. ``folder`` must let the server's user in (server_folder).

        ``extra_settings`` are lines for dovecot.conf, such as a smaller ``imap_capability``.
        """
        program = find_program("dovecot", package="dovecot-imapd")
        server = cls(
            program, folder or make_server_folder("dovecot"), extra_settings=extra_settings
        )
        server._run()
        return server

    @property
    def ca_file(self) -> Path:
        return self.certificate.ca_file

    def stop(self) -> None:
        """Open connections are closed; mail stays for the next start."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """As a power cut: no goodbye to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def restart(self) -> None:
        """The same ports and mail."""
        self.stop()
        self._run()

    def ensure_running(self) -> None:
        if self._process is None or not self._process.is_running():
            self.restart()

    def pause(self) -> None:
        """Connections stay open and nothing answers, until resume()."""
        if self._process is not None:
            self._process.pause()

    def resume(self) -> None:
        if self._process is not None:
            self._process.resume()

    def remove(self) -> None:
        """Ends it without the second that a polite stop takes, and deletes everything."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, user: str) -> imaplib.IMAP4:
        """A logged-in connection; leave it by ``with`` or ``logout()``."""
        client = imaplib.IMAP4(self.host, self.port, timeout=30)
        client.login(_quote(user), self.password)
        return client

    def deliver(
        self, user: str, raw: bytes, folder: str = "INBOX", *, received: datetime | None = None
    ) -> None:
        """APPEND over IMAP: any bytes, whatever their line ends."""
        when = imaplib.Time2Internaldate(received or SystemClock().now())
        with self.connect(user) as client:
            answer, text = client.append(_quote(folder), "", when, raw)
        if answer != "OK":
            raise AssertionError(f"APPEND to {folder} of {user} was refused: {text!r}")

    def deliver_files(
        self,
        user: str,
        raws: Iterable[bytes],
        folder: str = "INBOX",
        *,
        received: datetime | None = None,
    ) -> None:
        """Thousands a second, in order, past IMAP; an IDLE client sees them half a second later."""
        place = make_maildir(self._maildir(user), folder)
        when = received or SystemClock().now()
        for raw in raws:
            write_message(place, raw, received=when)

    def messages(self, user: str, folder: str = "INBOX") -> tuple[StoredMessage, ...]:
        """By UID, without setting any flag."""
        with self.connect(user) as client:
            answer, text = client.select(_quote(folder), readonly=True)
            if answer != "OK":
                raise AssertionError(f"no folder {folder} for {user}: {text!r}")
            if text[0] == b"0":
                return ()
            _, parts = client.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")
        return tuple(_read_fetched(part) for part in parts if isinstance(part, tuple))

    def expunge(self, user: str, uids: Iterable[int], folder: str = "INBOX") -> None:
        """Another client deletes these for good."""
        uid_set = ",".join(str(uid) for uid in uids)
        with self.connect(user) as client:
            client.select(_quote(folder))
            client.uid("STORE", uid_set, "+FLAGS.SILENT", "(\\Deleted)")
            client.uid("EXPUNGE", uid_set)

    def uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        with self.connect(user) as client:
            _, answer = client.status(_quote(folder), "(UIDVALIDITY)")
        return int(answer[0].split()[-1].rstrip(b")"))

    def change_uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        """As after a server's restore from a backup: the old UIDs mean nothing. The new value."""
        value = self.uidvalidity(user, folder) + 1
        arguments = ["mailbox", "update", "-u", user, "--uid-validity", str(value), folder]
        owner = server_user()
        subprocess.run(
            [find_program("doveadm", package="dovecot-imapd"), "-c", self._settings, *arguments],
            check=True,
            capture_output=True,
            user=None if owner is None else owner.pw_uid,
            group=None if owner is None else owner.pw_gid,
            extra_groups=None if owner is None else [],
            cwd=self.folder,
        )
        return value

    @property
    def _settings(self) -> Path:
        return self.folder / "dovecot.conf"

    def _maildir(self, user: str) -> Path:
        return self.folder / "mail" / user / "Maildir"

    def _run(self) -> None:
        self._settings.write_text(
            render_settings(
                self.folder,
                port=self.port,
                tls_port=self.tls_port,
                certificate=self.certificate,
                password=self.password,
            )
            + self._extra_settings
            + "\n"
        )
        mail = self.folder / "mail"
        mail.mkdir(exist_ok=True)
        for path in (mail, self._settings):
            give_to_server(path)
        self._process = ServerProcess.start(
            [self._program, "-F", "-c", self._settings],
            folder=self.folder,
            log=self.folder / "dovecot.log",
            ports=(self.port, self.tls_port),
        )
        self._process.wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=2) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False

    def tls_context(self) -> ssl.SSLContext:
        """A client's context that trusts this server and nobody else's test authority."""
        return self.certificate.client_context()


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_fetched(part: tuple[bytes, bytes]) -> StoredMessage:
    head = _FETCH_HEAD.search(part[0])
    if head is None:
        raise AssertionError(f"Dovecot's FETCH answer has another shape: {part[0]!r}")
    received = head["received"].decode("ascii").strip()
    return StoredMessage(
        uid=int(head["uid"]),
        flags=tuple(head["flags"].decode("ascii").split()),
        received=datetime.strptime(received, "%d-%b-%Y %H:%M:%S %z"),
        raw=part[1],
    )
