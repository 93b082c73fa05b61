"""Sections about mail servers: mailboxes, IMAP, SMTP, OAuth and who is believed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from mailflow.settings.values import (
    Address,
    Domain,
    HomePath,
    HostAndPort,
    Secret,
    Section,
    Text,
    is_loopback,
)

Port = Annotated[int, Field(ge=1, le=65_535)]


class Security(StrEnum):
    """How a connection is encrypted: from the first byte, by STARTTLS, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Channel(StrEnum):
    ALIAS = "alias"
    SPEAKUP = "speakup"
    PORTAL = "portal"


class Provider(StrEnum):
    MICROSOFT = "microsoft"
    GOOGLE = "google"


class Profile(StrEnum):
    """Whose word about a sender is enough for a command."""

    OWN_DKIM = "own-dkim"
    TRUSTED_AR = "trusted-ar"
    M365 = "m365"


class StoredMail(StrEnum):
    MOVE = "move"
    DELETE = "delete"


IMAP_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


class OAuth(Section):
    """Logging in with a token instead of a password."""

    provider: Provider
    client_id: Text
    client_secret: Secret
    tenant: Text | None = Field(default=None, validate_default=True)
    refresh_token: Secret | None = Field(default=None, validate_default=True)
    token_url: Text | None = None

    @field_validator("tenant")
    @classmethod
    def _require_tenant(cls, tenant: str | None, info: ValidationInfo) -> str | None:
        provider = info.data.get("provider")
        if tenant is None and provider is Provider.MICROSOFT:
            raise ValueError("Microsoft logs in by tenant: add tenant: YOUR-DIRECTORY-ID")
        if tenant is not None and provider is Provider.GOOGLE:
            raise ValueError("Google has no tenant: delete this line")
        return tenant

    @field_validator("refresh_token")
    @classmethod
    def _require_refresh_token(cls, token: Secret | None, info: ValidationInfo) -> Secret | None:
        provider = info.data.get("provider")
        if token is None and provider is Provider.GOOGLE:
            raise ValueError(
                "Google lets in whoever holds the mailbox's own token: "
                "add refresh_token: {file: PATH} (docs/mail-providers.md says how to get one)"
            )
        if token is not None and provider is Provider.MICROSOFT:
            raise ValueError(
                "at Microsoft the application logs in by itself, with tenant, client_id and "
                "client_secret: delete this line"
            )
        return token

    @field_validator("token_url")
    @classmethod
    def _refuse_plain_text(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if not parts.hostname or parts.scheme not in ("http", "https"):
            raise ValueError(f'"{url}" is no address: write https://HOST/PATH')
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("http would send client_secret unencrypted: use https")
        return url


class Server(Section):
    """What IMAP and SMTP have in common."""

    host: Text
    security: Security = Security.TLS
    username: Text | None = None
    password: Secret | None = None
    oauth: OAuth | None = None

    @field_validator("security")
    @classmethod
    def _refuse_plain_text(cls, security: Security, info: ValidationInfo) -> Security:
        host = info.data.get("host", "localhost")
        if security is Security.NONE and not is_loopback(host):
            raise ValueError(
                f"none would send passwords and HR mail unencrypted to {host}: "
                "use tls or starttls (none is for loop-back addresses)"
            )
        return security

    @field_validator("oauth")
    @classmethod
    def _refuse_two_logins(cls, oauth: OAuth | None, info: ValidationInfo) -> OAuth | None:
        if oauth is not None and info.data.get("password") is not None:
            raise ValueError("either password or oauth logs in: delete the other one")
        return oauth

    @model_validator(mode="after")
    def _require_whole_login(self) -> Server:
        has_secret = self.password is not None or self.oauth is not None
        if has_secret and self.username is None:
            raise ValueError("a login needs a username beside its password or oauth")
        if self.username is not None and not has_secret:
            raise ValueError("a login needs password: {env: NAME}, password: {file: PATH} or oauth")
        return self


class Imap(Server):
    port: Port = Field(default_factory=lambda data: IMAP_PORTS[data.get("security", Security.TLS)])
    username: Text
    folder: Text = "INBOX"
    processed: Text = "Processed"

    @field_validator("processed")
    @classmethod
    def _keep_folders_apart(cls, processed: str, info: ValidationInfo) -> str:
        if processed == info.data.get("folder"):
            raise ValueError("folder and processed must be two different folders")
        return processed


class Smtp(Server):
    port: Port = Field(default_factory=lambda data: SMTP_PORTS[data.get("security", Security.TLS)])
    ca_file: HomePath | None = None


class AfterStore(Section):
    """What becomes of a mail on the server once its sealed copy is committed."""

    default: StoredMail = StoredMail.MOVE
    sensitive: StoredMail = StoredMail.MOVE

    @field_validator("default")
    @classmethod
    def _keep_ordinary_mail(cls, default: StoredMail) -> StoredMail:
        if default is StoredMail.DELETE:
            raise ValueError("ordinary mail is always moved; only sensitive: delete is offered")
        return default


def _read_mailbox_name(name: str) -> str:
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
        raise ValueError("a mailbox has a short name of letters, digits and hyphens, like hr")
    return name


class Mailbox(Section):
    """One address that mailflow reads."""

    name: Annotated[str, AfterValidator(_read_mailbox_name)]
    address: Address
    imap: Imap
    channel: Channel = Channel.ALIAS
    list_ids: tuple[Text, ...] = ()
    default_category: Text | None = None
    idle: bool = True
    poll_seconds: Annotated[int, Field(ge=1, le=86_400)] = 60
    ca_file: HomePath | None = None
    after_store: AfterStore | None = None
    read_by: tuple[Address, ...] = ()


class Dns(Section):
    """Another resolver than the machine's own, for tests and closed networks."""

    server: HostAndPort | None = None
    file: HomePath | None = None

    @model_validator(mode="after")
    def _require_one(self) -> Dns:
        if (self.server is None) == (self.file is None):
            raise ValueError("dns has either server: HOST:PORT or file: ZONE.yaml")
        return self


class SenderAuthentication(Section):
    profile: Profile = Profile.OWN_DKIM
    authserv_id: Text | None = Field(default=None, validate_default=True)
    trusted_hops: Annotated[int, Field(ge=1, le=20)] = 1
    require_signed: tuple[Text, ...] = ()
    arc_sealers: tuple[Domain, ...] = ()
    dns: Dns | None = None

    @field_validator("authserv_id")
    @classmethod
    def _require_authserv_id(cls, authserv_id: str | None, info: ValidationInfo) -> str | None:
        if authserv_id is None and info.data.get("profile") is Profile.TRUSTED_AR:
            raise ValueError(
                "profile trusted-ar believes one mail server: add its authserv_id, "
                "as it stands first in Authentication-Results"
            )
        return authserv_id
