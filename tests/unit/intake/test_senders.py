from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from mailflow.core.mail.authentication import AuthenticationPolicy, Reason, SenderLevel
from mailflow.core.mail.dkim_policy import DkimProblem
from mailflow.intake.key_lookup import ZoneResolver
from mailflow.intake.senders import identify_sender
from tests.attacks.identity.mail_signer import (
    NOW,
    Mail,
    Signing,
    Zone,
    key_record,
    rsa_key,
    seal,
    sign,
    write_mail,
)
from tests.attacks.identity.rows import OWN_DKIM

_dkimpy: Any = dkim


def _identify(mail: Mail | bytes, **changes: Any) -> Any:
    known = {
        "policy": OWN_DKIM,
        "received_at": NOW,
        "resolver": Zone(),
        "seen_signature": lambda _: False,
    }
    raw = mail if isinstance(mail, bytes) else mail.raw()
    return identify_sender(raw, **{**known, **changes})


def test_mail_signed_by_dkimpy_itself_is_recognised() -> None:
    key = rsa_key("acme").private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    raw = write_mail().raw()
    signature = _dkimpy.sign(raw, b"s1", b"acme.example", key)
    signed_at = int(signature.partition(b"t=")[2].partition(b";")[0])
    received_at = NOW.fromtimestamp(signed_at, NOW.tzinfo)

    verdict = _identify(signature + raw, received_at=received_at)

    assert (verdict.level, verdict.address) == (SenderLevel.V3, "dana.lead@acme.example")


def test_replay_is_asked_by_the_decoded_signature_and_answered_under_another_row() -> None:
    mail = sign(write_mail())
    first = _identify(mail)

    asked: list[bytes] = []

    def seen(signature: bytes) -> bool:
        asked.append(signature)
        return True

    second = _identify(mail, seen_signature=seen)

    assert asked == list(first.signatures)
    assert second.reason is Reason.DKIM_REPLAYED
    assert second.signatures == ()


def test_every_signature_of_the_domain_is_remembered_so_that_none_can_be_peeled_off() -> None:
    twice = sign(sign(write_mail()), selector="ed", algorithm="ed25519-sha256")
    remembered = set(_identify(twice).signatures)
    peeled = replace(twice, fields=twice.fields[1:])

    verdict = _identify(peeled, seen_signature=remembered.__contains__)

    assert len(remembered) == 2
    assert verdict.reason is Reason.DKIM_REPLAYED


def test_mail_that_waited_for_us_has_not_expired_meanwhile() -> None:
    expires = str(int((NOW + timedelta(minutes=1)).timestamp()))

    assert _identify(sign(write_mail(), tags=(("x", expires),))).level is SenderLevel.V3


def test_name_server_is_asked_three_times_at_most_and_never_for_strangers() -> None:
    zone = Zone()
    mail = write_mail()
    for domain in ("evil.example", "evil.example", "mail.acme.example"):
        mail = sign(mail, domain=domain)
    for selector in ("gone", "revoked", "twice"):
        mail = sign(mail, selector=selector)

    _identify(mail, resolver=zone)

    assert zone.asked == [
        f"{selector}._domainkey.acme.example" for selector in ("twice", "revoked", "gone")
    ]


def test_name_server_is_not_asked_when_the_policy_refuses_anyway() -> None:
    zone = Zone()

    _identify(sign(write_mail(), signed=("from", "date")), resolver=zone)

    assert zone.asked == []


@pytest.mark.parametrize(
    "record",
    [
        b"v=DKIM1; k=ed25519; p=AAAA",
        b"v=DKIM1; k=rsa; p=AAAA",
        key_record(rsa_key("acme")).replace(b"k=rsa", b"k=rsa; h=sha1"),
    ],
)
def test_published_nonsense_is_no_key(record: bytes) -> None:
    resolver = ZoneResolver({"s1._domainkey.acme.example": (record,)})

    verdict = _identify(sign(write_mail()), resolver=resolver)

    assert verdict.detail == DkimProblem.NO_KEY


def test_elliptic_key_published_as_rsa_is_no_key() -> None:
    record = (
        b"v=DKIM1; k=rsa; p="
        b"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/"
        b"m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q=="
    )
    resolver = ZoneResolver({"s1._domainkey.acme.example": (record,)})

    assert _identify(sign(write_mail()), resolver=resolver).detail == DkimProblem.NO_KEY


def test_forged_ed25519_signature_fails() -> None:
    mail = sign(write_mail(), selector="ed", algorithm="ed25519-sha256")

    verdict = _identify(replace(mail, body=b"other\r\n"))
    forged = _identify(mail.having("Subject", "other"))

    assert (verdict.reason, forged.reason) == (Reason.DKIM_FAIL, Reason.DKIM_FAIL)


@pytest.mark.parametrize(
    "body",
    [
        b" " * 1_000_000 + b"x\r\n",
        b" \t \r\n" * 200_000,
        b"\r\n" * 500_000,
        b"\r" * 1_000_000,
        b"\n" * 1_000_000,
        b"x \r\n" * 200_000,
    ],
)
def test_body_of_a_megabyte_of_blanks_is_not_rescanned(body: bytes) -> None:
    # By itself dkimpy would take 20 minutes over the first of these.
    mail = replace(write_mail(), body=body)
    signed = mail.on_top(
        ("DKIM-Signature", sign(write_mail()).fields[0][1]),
    )

    assert _identify(signed).reason is Reason.DKIM_FAIL


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b"x",
        b"x\r\n\r\n",
        b" \r\n",
        b"a \t b\t\r\n \r\n",
        b"x\r\n\n",
        b"x\r",
        b"\r\r\n",
    ],
)
@pytest.mark.parametrize("canon", ["relaxed/relaxed", "simple/simple"])
def test_any_body_that_was_signed_verifies(body: bytes, canon: str) -> None:
    assert _identify(sign(replace(write_mail(), body=body), canon=canon)).level is SenderLevel.V3


def test_mail_without_a_line_end_at_its_very_end_is_read_to_the_last_field() -> None:
    mail = sign(replace(write_mail(), body=b""))

    assert _identify(mail.raw().removesuffix(b"\r\n\r\n")).level is SenderLevel.V3


_SEALED_RAW = seal(
    sign(sign(write_mail()), selector="ed", algorithm="ed25519-sha256"),
    seen="dkim=pass header.d=acme.example",
    signing=Signing(domain="lists.acme.example"),
).raw()


@given(
    start=st.integers(0, len(_SEALED_RAW)),
    length=st.integers(0, 40),
    put=st.binary(max_size=20) | st.text(alphabet="=;:ivbcadhs \r\n<>@/.+A1", max_size=20),
)
def test_mail_damaged_anywhere_is_judged_without_an_error(
    start: int, length: int, put: bytes | str
) -> None:
    patch = put.encode() if isinstance(put, str) else put
    raw = _SEALED_RAW[:start] + patch + _SEALED_RAW[start + length :]

    verdict = _identify(raw)

    assert verdict.level is not SenderLevel.V3 or verdict.address == "dana.lead@acme.example"


_BROKEN = replace(sign(write_mail()), body=b"changed\r\n")
_SEALED = seal(
    _BROKEN,
    seen="dkim=pass header.d=acme.example",
    signing=Signing(domain="lists.acme.example"),
)


@pytest.mark.parametrize(
    "mail",
    [
        _SEALED.having("ARC-Seal", _SEALED.fields[0][1] + " " * 200),
        _SEALED.having("ARC-Message-Signature", "i=1 ; d=lists.acme.example; s=s1; c=relaxed/x"),
        _SEALED.having("ARC-Message-Signature", "d=lists.acme.example; s=s1; i=1"),
    ],
)
def test_malformed_chain_lifts_nothing(mail: Mail) -> None:
    assert _identify(mail).level is SenderLevel.V0


@pytest.mark.parametrize(
    "records",
    [
        {},
        {"s1._domainkey.lists.acme.example": (b"v=DKIM1; p=",)},
        {"s1._domainkey.lists.acme.example": (b"v=DKIM1; p=AAAA",)},
        {"s1._domainkey.lists.acme.example": (b"v=DKIM1; k=ed25519; p=AAAA",)},
        {"s1._domainkey.lists.acme.example": (b"p=a", b"p=b")},
    ],
)
def test_seal_without_a_usable_key_lifts_nothing(records: dict[str, tuple[bytes, ...]]) -> None:
    acme = {"s1._domainkey.acme.example": (key_record(rsa_key("acme")),)}

    verdict = _identify(_SEALED, resolver=ZoneResolver(acme | records))

    assert verdict.level is SenderLevel.V0


def test_seal_whose_server_is_silent_lifts_nothing() -> None:
    sealed = seal(
        _BROKEN,
        seen="dkim=pass header.d=acme.example",
        signing=Signing(domain="lists.acme.example", selector="silent", key=rsa_key("lists")),
    )

    assert _identify(sealed).level is SenderLevel.V0


def test_chain_is_not_looked_at_while_no_sealer_is_listed() -> None:
    zone = Zone()
    policy = replace(OWN_DKIM, arc_sealers=frozenset())

    verdict = _identify(_SEALED, policy=policy, resolver=zone)

    assert verdict.level is SenderLevel.V0
    assert zone.asked == ["s1._domainkey.acme.example"]


def test_staff_are_known_by_anything_that_answers_in() -> None:
    class Everybody:
        def __contains__(self, address: object) -> bool:
            return True

    policy: AuthenticationPolicy = replace(OWN_DKIM, staff_addresses=Everybody())
    mail = sign(write_mail("Paul <paul@partner.example>"), domain="mail.partner.example")

    assert _identify(mail, policy=policy).level is SenderLevel.V1
    assert _identify(mail).level is SenderLevel.V3
