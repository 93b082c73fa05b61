"""A certificate authority for tests, so that TLS is spoken and verified on loop-back."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailflow.clock import SystemClock
from tests.servers.place import LOOPBACK, give_to_server

if TYPE_CHECKING:
    from pathlib import Path

_LIFETIME = timedelta(days=3650)


@dataclass(frozen=True)
class ServerCertificate:
    """PEM files of one server; clients verify it against ``ca_file``."""

    certificate_file: Path
    key_file: Path
    ca_file: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate_file, self.key_file)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca_file))


def issue_certificate(folder: Path, *, not_after: datetime | None = None) -> ServerCertificate:
    """A new authority and its certificate for 127.0.0.1 and localhost, written into ``folder``.

    ``not_after`` in the past makes an expired one.
    """
    start = SystemClock().now() - _LIFETIME
    end = not_after or SystemClock().now() + _LIFETIME
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _describe("mailflow test authority", start=start, end=end)
    authority = authority.issuer_name(_name("mailflow test authority"))
    authority = authority.public_key(authority_key.public_key())
    authority = authority.add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    server_key = ec.generate_private_key(ec.SECP256R1())
    server = _describe("localhost", start=start, end=end)
    server = server.issuer_name(_name("mailflow test authority"))
    server = server.public_key(server_key.public_key())
    server = server.add_extension(
        x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(LOOPBACK))]
        ),
        critical=False,
    )
    pem = serialization.Encoding.PEM
    key_pem = server_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return ServerCertificate(
        ca_file=_write(
            folder / "ca.pem", authority.sign(authority_key, hashes.SHA256()).public_bytes(pem)
        ),
        certificate_file=_write(
            folder / "server.pem", server.sign(authority_key, hashes.SHA256()).public_bytes(pem)
        ),
        key_file=_write(folder / "server.key", key_pem),
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _describe(subject: str, *, start: datetime, end: datetime) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(_name(subject))
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(end)


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    give_to_server(path)
    return path
