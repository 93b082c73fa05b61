"""Whether mail can leave: connection, certificate and log-in of the relay, without sending."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mailflow.access_tokens import NoTokenError, Provider
from mailflow.core.finding import error, good, warning
from mailflow.delivery.smtp import Outcome, SmtpConnection
from mailflow.errors import InvalidFilesError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.core.finding import Finding
    from mailflow.delivery.smtp import Answer, SmtpAccount

_AREA = "smtp"
_COMPARE = "compare username and password; many providers want an app password or oauth"
_LET_IN = {
    Provider.MICROSOFT: "grant SMTP.SendAsApp and allow authenticated SMTP for the mailbox: "
    "docs/mail-providers.md has the commands",
    Provider.GOOGLE: "make the refresh_token while logged in as this mailbox, with the scope "
    "https://mail.google.com/",
}


def check_relay(account: SmtpAccount) -> Iterator[Finding]:
    try:
        if account.tokens is not None:
            account.tokens.current()
        answer = asyncio.run(_log_in(account))
    except NoTokenError as trouble:
        mend = trouble.mend or "nothing to do if it passes; else let this machine reach it by https"
        yield error(_AREA, "token", str(trouble), mend=mend)
        return
    except InvalidFilesError as trouble:
        yield error(_AREA, "no-secret", str(trouble), mend="give smtp its password")
        return
    if answer.outcome is not Outcome.DELIVERED:
        yield _refused(account, answer)
        return
    words = "takes our log-in" if account.username else "takes mail without a log-in"
    yield good(_AREA, "log-in", f"{account.host} {words}")
    if account.security == "none":
        message = "the connection is not encrypted: fine on loop-back, and refused elsewhere"
        yield warning(_AREA, "no-tls", message, mend="use tls with a real server")
    else:
        yield good(_AREA, "tls", "the server's certificate is valid for its name")


async def _log_in(account: SmtpAccount) -> Answer:
    connection = SmtpConnection(account)
    try:
        return await connection.log_in()
    finally:
        await connection.close()


def _refused(account: SmtpAccount, answer: Answer) -> Finding:
    if "log-in" in answer.reply:
        message = f"{account.host} refuses {account.username} ({answer.reply})"
        if account.tokens is None:
            return error(_AREA, "log-in", message, mend=_COMPARE)
        mend = _LET_IN[account.tokens.grant.provider]
        return error(_AREA, "log-in", f"{message}, though the token is good", mend=mend)
    return error(
        _AREA,
        "unreachable",
        f"{account.host}:{account.port} takes no mail ({answer.reply})",
        mend="correct smtp.host, port and security, set ca_file for a certificate of your own, "
        "or open the firewall",
    )
