"""The private SMTP server: aiosmtpd; it asks for a login and delivers to this company alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope, Session

    from mailflow.demo.company import Account, Company

HOSTNAME = "demo"
_SIZE_LIMIT_BYTES = 50 * 1024 * 1024


class PostOffice(Protocol):
    """Who takes what the server has accepted."""

    @property
    def company(self) -> Company: ...

    async def accept(
        self, raw: bytes, recipients: list[str], *, sender: str, login: Account | None
    ) -> None: ...


async def listen_for_mail(office: PostOffice, host: str, port: int) -> asyncio.Server:
    """Raises OSError when the port is taken."""
    handler = _Handler(office)

    def make_session() -> SMTP:
        return SMTP(
            handler,
            hostname=HOSTNAME,
            ident="mailflow playground",
            data_size_limit=_SIZE_LIMIT_BYTES,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=handler.log_in,
            loop=asyncio.get_running_loop(),
        )

    return await asyncio.get_running_loop().create_server(make_session, host, port)


class _Handler:
    """The hooks that aiosmtpd calls by their names; the answers are SMTP replies."""

    def __init__(self, office: PostOffice) -> None:
        self._office = office

    def log_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        if isinstance(data, LoginPassword):
            account = self._office.company.log_in(
                data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
            )
            if account is not None:
                return AuthResult(success=True, auth_data=account)
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(  # noqa: N802 (the hook's name)
        self,
        _server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 log in first: user name and password stand in accounts.txt"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 go on"

    async def handle_RCPT(  # noqa: N802 (the hook's name)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if self._office.company.find(address) is None:
            return "550 5.1.1 nobody in the playground has this address"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 go on"

    async def handle_DATA(  # noqa: N802 (the hook's name)
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)  # noqa: S101 - decode_data is off
        await self._office.accept(
            raw, envelope.rcpt_tos, sender=envelope.mail_from or "", login=session.auth_data
        )
        return "250 2.0.0 delivered"
