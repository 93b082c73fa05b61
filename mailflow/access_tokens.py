"""Access tokens for mail servers that take no password: asked for by OAuth 2.0, kept until they
are about to expire. What a token opens is IMAP's and SMTP's business.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from mailflow.errors import TemporaryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mailflow.clock import Clock

ANSWER_SECONDS = 15.0
_LONGEST_ANSWER_BYTES = 256 * 1024
_SPARE_SECONDS = 300
_SHORTEST_LIFE_SECONDS = 30
_LONGEST_LIFE_DIGITS = 6
_OK = 200
_REFUSALS = range(400, 500)
_TOO_MANY = 429

_MICROSOFT_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
_MICROSOFT_SCOPE = "https://outlook.office365.com/.default"
_GOOGLE_URL = "https://oauth2.googleapis.com/token"

# Microsoft says the same "invalid_client" of many things; the number tells which.
_BY_NUMBER = {
    7000215: "client_secret is not the secret's value: copy the value, not its id",
    7000222: "client_secret has expired: make a new one in the app registration",
    700016: "client_id is no application of this tenant: compare both with the app registration",
    90002: "tenant is no directory of Microsoft's: copy the directory (tenant) id",
    900023: "tenant is no directory of Microsoft's: copy the directory (tenant) id",
    65001: "an administrator must grant consent to the application's mail permissions",
}
_BY_WORD = {
    "invalid_client": "compare client_id and client_secret with the provider's console",
    "invalid_grant": "the refresh_token was withdrawn or has expired: log the mailbox in again",
    "unauthorized_client": "the application may not ask for this: check its permissions",
    "invalid_scope": "the application has no mail permission: grant it and its consent",
    "invalid_request": "tenant, client_id or client_secret has a wrong shape",
}


class Provider(StrEnum):
    MICROSOFT = "microsoft"
    GOOGLE = "google"


class NoTokenError(TemporaryError):
    """The provider gives no token now. ``mend`` is what to do, None when waiting is enough."""

    def __init__(self, message: str, *, mend: str | None = None) -> None:
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True)
class Grant:
    """What a token is asked for with. Secrets are read anew for each request, so that a changed
    one is found.

    Microsoft's application asks in its own name (client credentials, RFC 6749 4.4); Google knows
    no such right to a mailbox, so there the mailbox' own refresh token asks (RFC 6749 6).
    """

    provider: Provider
    client_id: str
    client_secret: Callable[[], str] = field(repr=False)
    tenant: str | None = None
    refresh_token: Callable[[], str] | None = field(default=None, repr=False)
    token_url: str | None = None

    @property
    def url(self) -> str:
        if self.token_url:
            return self.token_url
        if self.provider is Provider.GOOGLE:
            return _GOOGLE_URL
        return _MICROSOFT_URL.format(tenant=quote(self.tenant or "", safe=""))

    def form(self) -> dict[str, str]:
        """Raises InvalidFilesError when a secret is not there."""
        form = {"client_id": self.client_id, "client_secret": self.client_secret()}
        if self.refresh_token is not None:
            return form | {"grant_type": "refresh_token", "refresh_token": self.refresh_token()}
        return form | {"grant_type": "client_credentials", "scope": _MICROSOFT_SCOPE}


class AccessTokens:
    """One account's token, shared by all of its connections and safe between threads."""

    def __init__(self, grant: Grant, *, clock: Clock) -> None:
        self.grant = grant
        self._clock = clock
        self._lock = threading.Lock()
        self._token: str | None = None
        self._good_until = 0.0

    def current(self) -> str:
        """A token good for minutes yet. Raises NoTokenError, and InvalidFilesError when a secret
        of ours is missing.
        """
        with self._lock:
            if self._token is None or self._clock.monotonic() >= self._good_until:
                asked_at = self._clock.monotonic()
                self._token, life_seconds = _ask(self.grant)
                spare = min(_SPARE_SECONDS, life_seconds / 2)
                self._good_until = asked_at + life_seconds - spare
            return self._token

    def forget(self, token: str) -> None:
        """A server refused this token: the next log-in asks for another one."""
        with self._lock:
            if self._token == token:
                self._token = None


def _ask(grant: Grant) -> tuple[str, float]:
    """(token, its life in seconds)."""
    url = urlsplit(grant.url)
    host = url.hostname or ""
    try:
        status, answer = _post(url.scheme, host, url.port, url.path, grant.form())
    except (OSError, http.client.HTTPException) as error:
        raise NoTokenError(f"OAuth: {host} does not answer ({type(error).__name__})") from error
    if status in _REFUSALS and status != _TOO_MANY:
        raise _refusal(host, answer)
    token = answer.get("access_token")
    if status != _OK or not isinstance(token, str) or not token.isascii() or not token.strip():
        raise NoTokenError(f"OAuth: {host} gives no token for now ({status})")
    return token, max(_read_life(answer.get("expires_in")), _SHORTEST_LIFE_SECONDS)


def _read_life(value: object) -> float:
    text = str(value)
    return float(text) if text.isdecimal() and len(text) <= _LONGEST_LIFE_DIGITS else 0.0


def _post(
    scheme: str, host: str, port: int | None, path: str, form: Mapping[str, str]
) -> tuple[int, dict[str, Any]]:
    """Redirects are not followed: they would take the secret elsewhere."""
    connection: http.client.HTTPConnection
    if scheme == "https":
        connection = http.client.HTTPSConnection(
            host, port, timeout=ANSWER_SECONDS, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
    try:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        connection.request("POST", path or "/", urlencode(form), headers)
        response = connection.getresponse()
        return response.status, _read_json(response.read(_LONGEST_ANSWER_BYTES))
    finally:
        connection.close()


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(host: str, answer: Mapping[str, Any]) -> NoTokenError:
    """In our words: the provider's own sentence may hold names and addresses."""
    word = answer.get("error")
    word = word if isinstance(word, str) and word in _BY_WORD else "refused"
    numbers = answer.get("error_codes")
    known = [n for n in numbers if n in _BY_NUMBER] if isinstance(numbers, list) else []
    if known:
        return NoTokenError(
            f"OAuth: {host} says {word}, AADSTS{known[0]}", mend=_BY_NUMBER[known[0]]
        )
    mend = _BY_WORD.get(word, "compare tenant, client_id and client_secret with its console")
    return NoTokenError(f"OAuth: {host} says {word}", mend=mend)
