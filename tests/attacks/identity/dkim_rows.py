"""Signatures that verify and prove nothing, signatures that do not verify, and honest ones."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

from mailflow.core.mail.authentication import Reason
from mailflow.core.mail.dkim_policy import DkimProblem
from tests.attacks.identity.mail_signer import (
    NOW,
    USUAL_FIELDS,
    Mail,
    Signing,
    rsa_key,
    sign,
    write_mail,
)
from tests.attacks.identity.rows import OWN_DKIM, V0, V1, V3, Row

_PAUL = "Paul <paul@partner.example>"
_PARTNER = Signing(domain="partner.example")


def _unix(moment_offset: timedelta) -> str:
    return str(int((NOW + moment_offset).timestamp()))


def _add_modulus(mail: Mail) -> Mail:
    """The same signature under another spelling: b + n is b to a careless verifier."""
    name, value = mail.fields[0]
    text, _, signature = value.rpartition("b=")
    modulus = rsa_key("acme").public_key().public_numbers().n
    number = int.from_bytes(base64.b64decode(signature)) + modulus
    spelled = number.to_bytes(257 if number.bit_length() > 2048 else 256)
    return replace(
        mail, fields=((name, text + "b=" + base64.b64encode(spelled).decode()), *mail.fields[1:])
    )


_WRITTEN = write_mail()
_SIGNED = sign(_WRITTEN)
_LENGTH_LIMITED = sign(_WRITTEN, body_length=len(_WRITTEN.body))
_CHANGED = DkimProblem.BODY_OR_HEADER_CHANGED

# Mails whose signature must not count: mail, level, reason's detail.
_HOSTILE: dict[str, tuple[Mail, Reason, str]] = {
    "body changed": (replace(_SIGNED, body=b"#close no_action\r\n"), Reason.DKIM_FAIL, ""),
    "body extended": (replace(_SIGNED, body=_SIGNED.body + b"more\r\n"), Reason.DKIM_FAIL, ""),
    "body cut": (replace(_SIGNED, body=b""), Reason.DKIM_FAIL, ""),
    "bare line feed put into the body": (
        replace(_SIGNED, body=b"#close resolved\n\r\n"),
        Reason.DKIM_FAIL,
        "",
    ),
    "Subject changed": (_SIGNED.having("Subject", "Re: HR case HR-AAAAAA"), Reason.DKIM_FAIL, ""),
    "signature of another key": (sign(_WRITTEN, key=rsa_key("evil")), Reason.DKIM_FAIL, ""),
    "signature with the modulus added": (_add_modulus(_SIGNED), Reason.DKIM_FAIL, ""),
    "signature that is too short": (
        sign(_WRITTEN, key=rsa_key("short", 1024)),
        Reason.DKIM_FAIL,
        "",
    ),
    "second Subject on top": (
        _SIGNED.on_top(("Subject", "x")),
        Reason.AMBIGUOUS_HEADER,
        DkimProblem.SEVERAL_FIELDS,
    ),
    "second Date": (
        _SIGNED.on_top(("Date", "x")),
        Reason.AMBIGUOUS_HEADER,
        DkimProblem.SEVERAL_FIELDS,
    ),
    "second To": (
        _SIGNED.below(("To", "x@acme.example")),
        Reason.AMBIGUOUS_HEADER,
        DkimProblem.SEVERAL_FIELDS,
    ),
    "second Content-Type": (
        _SIGNED.on_top(("Content-Type", "text/html")),
        Reason.AMBIGUOUS_HEADER,
        DkimProblem.SEVERAL_FIELDS,
    ),
    "second Message-ID": (
        _SIGNED.on_top(("Message-ID", "<other@evil.example>")),
        Reason.AMBIGUOUS_HEADER,
        DkimProblem.SEVERAL_FIELDS,
    ),
    "length-limited body": (_LENGTH_LIMITED, Reason.DKIM_POLICY, DkimProblem.BODY_LENGTH),
    "length-limited body, extended": (
        replace(_LENGTH_LIMITED, body=_WRITTEN.body + b"#export\r\n"),
        Reason.DKIM_POLICY,
        DkimProblem.BODY_LENGTH,
    ),
    "length limit of nothing": (
        sign(_WRITTEN, body_length=0),
        Reason.DKIM_POLICY,
        DkimProblem.BODY_LENGTH,
    ),
    "From not signed": (
        sign(_WRITTEN, signed=("to", "subject", "date", "message-id")),
        Reason.DKIM_POLICY,
        DkimProblem.NOT_SIGNED,
    ),
    "Subject not signed": (
        sign(_WRITTEN, signed=("from", "date", "message-id")),
        Reason.DKIM_POLICY,
        DkimProblem.NOT_SIGNED,
    ),
    "Date not signed": (
        sign(_WRITTEN, signed=("from", "subject", "message-id")),
        Reason.DKIM_POLICY,
        DkimProblem.NOT_SIGNED,
    ),
    "Message-ID not signed": (
        sign(_WRITTEN, signed=("from", "subject", "date")),
        Reason.DKIM_POLICY,
        DkimProblem.NOT_SIGNED,
    ),
    "Message-ID absent": (
        sign(_WRITTEN.without("Message-ID")),
        Reason.DKIM_POLICY,
        DkimProblem.FIELD_MISSING,
    ),
    "SHA-1": (
        sign(_WRITTEN, algorithm="rsa-sha1"),
        Reason.DKIM_POLICY,
        DkimProblem.ALGORITHM,
    ),
    "unknown algorithm": (
        sign(_WRITTEN, tags=(("a", "hmac-sha256"),)),
        Reason.DKIM_POLICY,
        DkimProblem.ALGORITHM,
    ),
    "algorithm and key of two kinds": (
        sign(_WRITTEN, selector="ed", tags=(("a", "rsa-sha256"),)),
        Reason.DKIM_POLICY,
        DkimProblem.NO_KEY,
    ),
    "three weeks old": (
        sign(_WRITTEN, signed_at=NOW - timedelta(weeks=3)),
        Reason.DKIM_POLICY,
        DkimProblem.TIME,
    ),
    "a second over five days old": (
        sign(_WRITTEN, signed_at=NOW - timedelta(days=5, seconds=1)),
        Reason.DKIM_POLICY,
        DkimProblem.TIME,
    ),
    "signed in the future": (
        sign(_WRITTEN, signed_at=NOW + timedelta(minutes=11)),
        Reason.DKIM_POLICY,
        DkimProblem.TIME,
    ),
    "no time and an old Date": (
        sign(write_mail(Date=format_datetime(NOW - timedelta(days=6))), signed_at=None),
        Reason.DKIM_POLICY,
        DkimProblem.TIME,
    ),
    "no time and a Date that is none": (
        sign(write_mail(Date="yesterday"), signed_at=None),
        Reason.DKIM_POLICY,
        DkimProblem.TIME,
    ),
    "no time and an endless Date": (
        sign(write_mail(Date="1 " * 200), signed_at=None),
        Reason.DKIM_POLICY,
        DkimProblem.TIME,
    ),
    "expired": (
        sign(_WRITTEN, tags=(("x", _unix(timedelta(seconds=-1))),)),
        Reason.DKIM_POLICY,
        DkimProblem.EXPIRED,
    ),
    "expires before it was signed": (
        sign(
            _WRITTEN,
            signed_at=NOW + timedelta(minutes=5),
            tags=(("x", _unix(timedelta(minutes=1))),),
        ),
        Reason.DKIM_POLICY,
        DkimProblem.EXPIRED,
    ),
    "1024 bits for staff": (
        sign(_WRITTEN, selector="short"),
        Reason.DKIM_POLICY,
        DkimProblem.WEAK_KEY,
    ),
    "no key": (sign(_WRITTEN, selector="gone"), Reason.DKIM_POLICY, DkimProblem.NO_KEY),
    "revoked key": (sign(_WRITTEN, selector="revoked"), Reason.DKIM_POLICY, DkimProblem.NO_KEY),
    "two keys at one name": (
        sign(_WRITTEN, selector="twice"),
        Reason.DKIM_POLICY,
        DkimProblem.NO_KEY,
    ),
    "name server silent": (sign(_WRITTEN, selector="silent"), Reason.DKIM_TEMPERROR, ""),
    "signed by a stranger": (sign(_WRITTEN, domain="evil.example"), Reason.NO_VERDICT, ""),
    "signed by a child domain": (
        sign(_WRITTEN, domain="mail.acme.example"),
        Reason.NO_VERDICT,
        "",
    ),
    "signed by a domain that begins alike": (
        sign(_WRITTEN, domain="acme.example.evil.example"),
        Reason.NO_VERDICT,
        "",
    ),
    "domain with an underscore": (
        sign(_WRITTEN, tags=(("d", "_x.acme.example"),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "selector that walks to another name": (
        sign(_WRITTEN, tags=(("s", "s1._domainkey.evil.example."),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "domain tag written twice": (
        sign(_WRITTEN, tags=(("z", "1; d=evil.example"),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "identity of another domain": (
        sign(_WRITTEN, tags=(("i", "dana@evil.example"),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "version 2": (
        sign(_WRITTEN, tags=(("v", "2"),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "other query method": (
        sign(_WRITTEN, tags=(("q", "http"),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "unknown canonicalization": (
        _SIGNED.having("DKIM-Signature", _SIGNED.fields[0][1].replace("relaxed/relaxed", "nowsp")),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "time that is no number": (
        sign(_WRITTEN, tags=(("t", "-1"),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "base64 with strangers in it": (
        _SIGNED.having("DKIM-Signature", _SIGNED.fields[0][1] + "*"),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "signature of 9 kB": (
        sign(_WRITTEN, tags=(("z", "x" * 9000),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "signature full of blanks": (
        sign(_WRITTEN, tags=(("z", "x" + " " * 200 + "y"),)),
        Reason.DKIM_POLICY,
        DkimProblem.MALFORMED,
    ),
    "no signature": (_WRITTEN, Reason.NO_VERDICT, ""),
}
_V0_REASONS = {Reason.DKIM_FAIL, Reason.AMBIGUOUS_HEADER, Reason.DKIM_REPLAYED}
_FOUR = sign(sign(sign(_SIGNED, selector="ed", algorithm="ed25519-sha256")))

_HONEST = {
    "relaxed": _SIGNED,
    "simple": sign(_WRITTEN, canon="simple/simple"),
    "relaxed and simple": sign(_WRITTEN, canon="relaxed/simple"),
    "header only named": sign(_WRITTEN, canon="simple/relaxed"),
    "canonicalization in capitals": sign(_WRITTEN, tags=(("c", "Relaxed/RELAXED"),)),
    "ed25519": sign(_WRITTEN, selector="ed", algorithm="ed25519-sha256"),
    "From over-signed": sign(_WRITTEN, signed=(*USUAL_FIELDS, "from", "subject")),
    "expiring later": sign(_WRITTEN, tags=(("x", _unix(timedelta(days=7))),)),
    "without time": sign(_WRITTEN, signed_at=None),
    "five days in a queue": sign(_WRITTEN, signed_at=NOW - timedelta(days=5)),
    "a clock nine minutes ahead": sign(_WRITTEN, signed_at=NOW + timedelta(minutes=9)),
    "with a stranger's signature on top": sign(_SIGNED, domain="evil.example"),
    "by two keys": sign(_SIGNED, selector="ed", algorithm="ed25519-sha256"),
    "below a signature without key": sign(_SIGNED, selector="gone"),
    "below one whose server is silent": sign(_SIGNED, selector="silent"),
    "without To and Content-Type": sign(
        _WRITTEN.without("To").without("Content-Type"),
        signed=("from", "subject", "date", "message-id"),
    ),
    "with an empty body": sign(replace(_WRITTEN, body=b"")),
    "with blank lines at the end": sign(replace(_WRITTEN, body=b"x \t y \r\n \r\n\r\n")),
    "refolded on the way": _SIGNED.having("Subject", "Re: HR\r\n case   HR-7K2Q9M"),
}

DKIM_ROWS = (
    *(
        Row(
            f"DKIM: {name}",
            mail,
            V0 if reason in _V0_REASONS else V1,
            reason,
            detail,
            policy=OWN_DKIM,
        )
        for name, (mail, reason, detail) in _HOSTILE.items()
    ),
    *(
        Row(f"honest signature, {name}", mail, V3, Reason.OWN_DKIM, policy=OWN_DKIM, commands=True)
        for name, mail in _HONEST.items()
    ),
    Row(
        "DKIM: replay to the letter",
        _SIGNED,
        V0,
        Reason.DKIM_REPLAYED,
        policy=OWN_DKIM,
        seen=True,
    ),
    Row(
        "DKIM: four signatures of one domain",
        _FOUR,
        V1,
        Reason.DKIM_POLICY,
        DkimProblem.TOO_MANY,
        policy=OWN_DKIM,
    ),
    Row(
        "DKIM: To required and not signed",
        sign(_WRITTEN, signed=("from", "subject", "date", "message-id")),
        V1,
        Reason.DKIM_POLICY,
        DkimProblem.NOT_SIGNED,
        policy=replace(OWN_DKIM, require_signed=frozenset({"to"})),
    ),
    Row(
        "honest partner by a child domain",
        sign(write_mail(_PAUL), _PARTNER, domain="mail.partner.example"),
        V3,
        Reason.OWN_DKIM,
        commands=True,
        policy=OWN_DKIM,
    ),
    Row(
        "honest partner with 1024 bits",
        sign(write_mail(_PAUL), _PARTNER, selector="short"),
        V3,
        Reason.OWN_DKIM,
        commands=True,
        policy=OWN_DKIM,
    ),
    Row(
        "DKIM: public suffix signs for its customer",
        sign(write_mail("x@shop.co.uk"), domain="co.uk"),
        V1,
        Reason.NO_VERDICT,
        policy=OWN_DKIM,
    ),
    Row(
        "honest mail kept in a file with bare line feeds",
        _SIGNED.raw().replace(b"\r\n", b"\n"),
        V3,
        Reason.OWN_DKIM,
        policy=OWN_DKIM,
        commands=True,
    ),
    Row(
        "honest mail in an mbox",
        b"From dana.lead@acme.example Mon Mar  2 09:00:00 2026\r\n" + _SIGNED.raw(),
        V3,
        Reason.OWN_DKIM,
        policy=OWN_DKIM,
        commands=True,
    ),
)
