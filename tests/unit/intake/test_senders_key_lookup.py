from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from mailflow.errors import InvalidFilesError, TemporaryError
from mailflow.intake.key_lookup import DnsResolver, read_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORDS = {
    "key.example.": ['"v=DKIM1; " "p=abc"'],
    "two.example.": ['"a"', '"b"'],
}
_SILENT = "silent.example."


def _answer(wire: bytes) -> bytes | None:
    question = dns.message.from_wire(wire)
    name = question.question[0].name.to_text()
    response = dns.message.make_response(question)
    response.flags |= dns.flags.RA
    if name == _SILENT:
        return None
    if name in _RECORDS:
        response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *_RECORDS[name]))
    elif name == "broken.example.":
        response.set_rcode(dns.rcode.SERVFAIL)
    elif name != "empty.example.":
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response.to_wire()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A name server on loop-back that knows a handful of names."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            wire, client = listener.recvfrom(4096)
            if wire == b"stop":
                return
            answer = _answer(wire)
            if answer is not None:
                listener.sendto(answer, client)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    host, port = listener.getsockname()
    yield f"{host}:{port}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopper:
        stopper.sendto(b"stop", (host, port))
    thread.join()
    listener.close()


@pytest.mark.parametrize(
    ("name", "records"),
    [
        ("key.example", (b"v=DKIM1; p=abc",)),
        ("key.example.", (b"v=DKIM1; p=abc",)),
        ("two.example", (b"a", b"b")),
        ("empty.example", ()),
        ("unknown.example", ()),
        ("x" * 64 + ".example", ()),
    ],
)
def test_name_server_answers_with_all_records_of_a_name(
    server: str, name: str, records: tuple[bytes, ...]
) -> None:
    assert sorted(DnsResolver(server).find_txt(name)) == list(records)


@pytest.mark.parametrize("name", ["broken.example", "silent.example"])
def test_name_server_that_gives_no_answer_is_a_temporary_error(server: str, name: str) -> None:
    resolver = DnsResolver(server, lookup_seconds=0.3)

    with pytest.raises(TemporaryError, match="the DNS gave no answer"):
        resolver.find_txt(name)


def test_zone_file_answers_in_the_place_of_the_dns() -> None:
    zone = read_zone(
        'S1._domainkey.acme.example.: "v=DKIM1; p=abc"\ns2._domainkey.acme.example: ["a", "b"]\n',
        "zone.yaml",
    )

    assert zone.find_txt("s1._domainkey.ACME.example") == (b"v=DKIM1; p=abc",)
    assert zone.find_txt("s2._domainkey.acme.example.") == (b"a", b"b")
    assert zone.find_txt("s3._domainkey.acme.example") == ()


def test_empty_zone_file_knows_no_name() -> None:
    assert read_zone("", "zone.yaml").find_txt("a.example") == ()


def test_zone_file_names_every_entry_that_is_no_text() -> None:
    text = 'a.example: 5\nb.example: "x"\nc.example: ["x", {y: z}]\n'

    with pytest.raises(InvalidFilesError) as refused:
        read_zone(text, "zone.yaml")

    assert [(m.line, m.code) for m in refused.value.mistakes] == [
        (1, "dns-record"),
        (3, "dns-record"),
    ]


def test_zone_file_that_is_a_list_is_refused() -> None:
    with pytest.raises(InvalidFilesError) as refused:
        read_zone('- "x"\n', "zone.yaml")

    assert refused.value.mistakes[0].code == "dns-record"


def test_resolver_answers_again_when_asked_again(server: str) -> None:
    resolver = DnsResolver(server)

    assert resolver.find_txt("key.example") == resolver.find_txt("key.example")


def test_name_that_cannot_exist_needs_no_name_server() -> None:
    assert DnsResolver().find_txt("x" * 64 + ".example") == ()
