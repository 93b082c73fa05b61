"""Where public keys of signing domains are asked for: the DNS, or a zone file in its place.

The only module that knows dnspython. Answers are TXT records; what they mean is read elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from mailflow.errors import InvalidFilesError, TemporaryError
from mailflow.located import Leaf, Series, Table
from mailflow.yaml_reader import require_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.located import Node

LOOKUP_SECONDS = 5.0
_MOST_RECORDS = 10


class TxtResolver(Protocol):
    """The TXT records of a name, each record's strings joined; empty when there are none.

    Raises TemporaryError when the question could not be answered now.
    """

    def find_txt(self, name: str) -> tuple[bytes, ...]: ...


class DnsResolver:
    """Asks the system's name servers, or the one at ``server`` (``host:port``).

    Every question ends within ``lookup_seconds``.
    """

    def __init__(
        self, server: str | None = None, *, lookup_seconds: float = LOOKUP_SECONDS
    ) -> None:
        self._server = server
        self._lookup_seconds = lookup_seconds
        self._resolver: dns.resolver.Resolver | None = None

    def find_txt(self, name: str) -> tuple[bytes, ...]:
        try:
            full_name = dns.name.from_text(name)
            answer = self._open().resolve(
                full_name,
                dns.rdatatype.TXT,
                raise_on_no_answer=False,
                lifetime=self._lookup_seconds,
                search=False,
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN, dns.name.LabelTooLong):
            return ()
        except dns.exception.DNSException as error:
            raise TemporaryError(f"the DNS gave no answer ({type(error).__name__})") from error
        records = answer.rrset or ()
        return tuple(b"".join(record.strings) for record in list(records)[:_MOST_RECORDS])

    def _open(self) -> dns.resolver.Resolver:
        """The resolver, made at the first question: a machine without DNS starts all the same."""
        if self._resolver is None:
            self._resolver = dns.resolver.Resolver(configure=self._server is None)
            if self._server is not None:
                host, _, port = self._server.rpartition(":")
                self._resolver.nameservers = [host.strip("[]")]
                self._resolver.port = int(port)
        return self._resolver


class ZoneResolver:
    """Answers from a mapping of names to records; a name that is not in it does not exist."""

    def __init__(self, records: Mapping[str, tuple[bytes, ...]]) -> None:
        self._records = dict(records)

    def find_txt(self, name: str) -> tuple[bytes, ...]:
        return self._records.get(name.rstrip(".").lower(), ())


def read_zone(text: str, file: str) -> ZoneResolver:
    """Read ``name: record`` or ``name: [record, ...]``, one entry a DNS name.

    Raises InvalidFilesError naming every entry that is no text.
    """
    node = require_yaml(text, file)
    if node is not None and not isinstance(node, Table):
        raise InvalidFilesError((node.place.mistake("dns-record", "write NAME: RECORD"),))
    entries = node.entries if node else ()
    records: dict[str, tuple[bytes, ...]] = {}
    mistakes = []
    for entry in entries:
        found = _read_records(entry.value)
        if found is None:
            mistakes.append(
                entry.place.mistake("dns-record", "a DNS name has a text or a list of texts")
            )
            continue
        records[entry.key.rstrip(".").lower()] = found
    if mistakes:
        raise InvalidFilesError(tuple(mistakes))
    return ZoneResolver(records)


def _read_records(node: Node) -> tuple[bytes, ...] | None:
    items = node.items if isinstance(node, Series) else (node,)
    texts = [item.value for item in items if isinstance(item, Leaf) and isinstance(item.value, str)]
    if len(texts) != len(items):
        return None
    return tuple(text.encode() for text in texts)
