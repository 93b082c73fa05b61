"""Kinds of values that settings are made of: durations, addresses, paths, secrets."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from mailflow.errors import InvalidFilesError, Mistake
from mailflow.located import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_T = TypeVar("_T")
_UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_LARGEST_AMOUNT = 10_000
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_DOMAIN = 253
_LARGEST_PORT = 65_535


class Section(BaseModel):
    """One mapping of mailflow.yaml: frozen, and every key it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def read_duration(value: object) -> timedelta:
    """``2 minutes`` and the like; a zero needs no unit. Raises ValueError."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if text == "0":
        return timedelta()
    amount, _, unit = text.partition(" ")
    step = _UNITS.get(unit.strip().removesuffix("s"))
    if not amount.isdecimal() or step is None or int(amount) > _LARGEST_AMOUNT:
        raise ValueError('write a duration with its unit, like "2 minutes", "1 hour" or "3 days"')
    return int(amount) * step


def read_address(text: str) -> str:
    """A bare mail address, its ASCII letters in lower case. Raises ValueError."""
    address = text.strip().lower()
    if not text.isascii() or not _ADDRESS.fullmatch(address):
        raise ValueError(f'"{text}" is no mail address: write it bare, like hr@acme.example')
    local, _, domain = address.partition("@")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValueError(f'"{text}" is no mail address: a dot must stand between other characters')
    read_domain(domain)
    return address


def read_domain(text: str) -> str:
    """A domain name in lower case. Raises ValueError."""
    domain = text.strip().lower().removesuffix(".")
    labels = domain.split(".")
    if len(domain) > _LONGEST_DOMAIN or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f'"{text}" is no domain: write it like acme.example')
    return domain


def read_timezone(text: str) -> str:
    """A name of the time zone database. Raises ValueError."""
    if text not in available_timezones():
        raise ValueError(unknown_name(text, available_timezones(), what="time zone"))
    return text


def read_listen(text: str) -> str:
    """``host:port``, with an IPv6 host in brackets. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not host or not colon or not port.isdecimal() or not 0 < int(port) <= _LARGEST_PORT:
        raise ValueError(f'"{text}" is no host and port: write it like 127.0.0.1:9464')
    return text


def is_loopback(host: str) -> bool:
    """Whether a connection to this host never leaves the machine, by its name alone."""
    if host.lower() in ("localhost", "localhost.localdomain", "ip6-localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _resolve_path(path: Path, info: ValidationInfo) -> Path:
    home: Path = (info.context or {}).get("home", Path())
    return home / path


def _refuse_none(items: tuple[_T, ...]) -> tuple[_T, ...]:
    if not items:
        raise ValueError("must have one entry at least")
    return items


def _refuse_empty(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text.strip()


NotEmpty = Annotated[tuple[_T, ...], AfterValidator(_refuse_none)]
Text = Annotated[str, AfterValidator(_refuse_empty)]
Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Address = Annotated[str, AfterValidator(read_address)]
Domain = Annotated[str, AfterValidator(read_domain)]
Timezone = Annotated[str, AfterValidator(read_timezone)]
HostAndPort = Annotated[str, AfterValidator(read_listen)]
HomePath = Annotated[Path, AfterValidator(_resolve_path)]


class Secret(Section):
    """Where a secret stands: ``{env: NAME}`` or ``{file: PATH}``; the value is never in a file of
    the configuration.
    """

    env: Text | None = None
    file: HomePath | None = None
    _value: SecretStr | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _refuse_literal(cls, value: object) -> object:
        if isinstance(value, dict | Secret):
            return value
        raise PydanticCustomError(
            "secret_literal", "a secret is {env: NAME} or {file: PATH}, never the value itself"
        )

    @model_validator(mode="after")
    def _take_from_environment(self, info: ValidationInfo) -> Secret:
        if (self.env is None) == (self.file is None):
            raise ValueError("a secret has either env or file, and only one of them")
        environ: Mapping[str, str] = (info.context or {}).get("environ", {})
        if self.env is not None and self.env in environ:
            self._value = SecretStr(environ[self.env])
        return self

    def problem(self) -> str | None:
        """Why ``reveal`` would raise, in a sentence, or None."""
        try:
            self.reveal()
        except InvalidFilesError as error:
            return error.mistakes[0].message
        return None

    def reveal(self) -> str:
        """The secret itself. A file is read anew each time, without its last line break, so that
        a rotated secret is found. Raises InvalidFilesError when there is none.
        """
        text = self._from_file(self.file) if self.file else self._from_environment()
        if not text:
            raise _no_secret(f"the secret in {self._source} is empty")
        return text

    @property
    def _source(self) -> str:
        return f"the file {self.file}" if self.file else f"the environment variable {self.env}"

    def _from_environment(self) -> str:
        if self._value is None:
            raise _no_secret(f"{self._source} is not set, and a secret is expected in it")
        return self._value.get_secret_value()

    def _from_file(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise _no_secret(f"{self._source} cannot be read for its secret: {reason}") from None
        except UnicodeDecodeError:
            raise _no_secret(f"{self._source} holds no UTF-8 text") from None


def secrets_in(section: Section, path: str = "") -> Iterator[tuple[str, Secret]]:
    """Every secret below a section with its key, such as ``smtp.password``."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        key = f"{path}.{name}" if path else name
        items = enumerate(value) if isinstance(value, tuple) else ()
        for place, part in [(key, value), *((f"{key}[{index}]", item) for index, item in items)]:
            if isinstance(part, Secret):
                yield place, part
            elif isinstance(part, Section):
                yield from secrets_in(part, place)


def _no_secret(message: str) -> InvalidFilesError:
    return InvalidFilesError((Mistake("config/mailflow.yaml", 0, 0, "secret", message),))
