"""Tricks with the From field. The border vouches for acme.example in every one of them."""

from __future__ import annotations

from mailflow.core.mail.authentication import Reason
from mailflow.core.mail.from_field import FromProblem
from tests.attacks.identity.mail_signer import write_mail
from tests.attacks.identity.rows import DANA, DKIM_PASS, V0, V2, Row, received

_HOSTILE = {
    "bracket after the address": ("dana.lead@acme.example]<eve@evil.example>", "SHOWS_ANOTHER"),
    "two addresses": ("dana.lead@acme.example, eve@evil.example", "SEVERAL_ADDRESSES"),
    "two angle addresses": ("<dana.lead@acme.example>, <eve@evil.example>", "SEVERAL_ADDRESSES"),
    "two angles without a comma": ("<dana.lead@acme.example> <eve@evil.example>", "BAD_ADDRESS"),
    "angle inside angle": ("<dana.lead@acme.example<eve@evil.example>>", "BAD_ADDRESS"),
    "text after the angle": ("<dana.lead@acme.example> eve", "BAD_ADDRESS"),
    "angle left open": ("Dana <dana.lead@acme.example", "BAD_ADDRESS"),
    "closing angle alone": ("dana.lead@acme.example>", "BAD_ADDRESS"),
    "group": ("Staff: dana.lead@acme.example;", "GROUP_OR_ROUTE"),
    "empty group": ("undisclosed-recipients:;", "GROUP_OR_ROUTE"),
    "source route": ("<@evil.example:dana.lead@acme.example>", "GROUP_OR_ROUTE"),
    "several hops of route": (
        "<@a.example,@b.example:dana.lead@acme.example>",
        "SEVERAL_ADDRESSES",
    ),
    "comment after a bare address": ("dana.lead@acme.example (eve)", "COMMENT"),
    "comment in the local part": ("dana.lead(eve)@acme.example", "COMMENT"),
    "comment in the domain": ("dana.lead@acme.example(.evil.example)", "COMMENT"),
    "comment inside the angle": ("Dana <dana.lead@acme.example(x)>", "COMMENT"),
    "address in a comment": ("(dana.lead@acme.example) <eve@evil.example>", "COMMENT"),
    "nested comment": ("Dana (a(b)) <dana.lead@acme.example>", "COMMENT"),
    "comment left open": ("Dana (HR <dana.lead@acme.example>", "COMMENT"),
    "encoded word as the address": ("=?utf-8?q?dana.lead=40acme.example?=", "ENCODED_ADDRESS"),
    "encoded word in the local part": ("=?utf-8?q?dana.lead?=@acme.example", "ENCODED_ADDRESS"),
    "encoded word in the angle": ("<=?utf-8?b?ZGFuYQ==?=@acme.example>", "ENCODED_ADDRESS"),
    "NUL in the address": ("dana.lead@acme.example\0.evil.example", "CONTROL_CHARACTER"),
    "NUL in the name": ("Da\0na <dana.lead@acme.example>", "CONTROL_CHARACTER"),
    "escape in the name": ("\x1b[2J <dana.lead@acme.example>", "CONTROL_CHARACTER"),
    "delete in the name": ("Dana\x7f <dana.lead@acme.example>", "CONTROL_CHARACTER"),
    "cyrillic a in the domain": ("Dana <dana.lead@аcme.example>", "NOT_ASCII"),
    "cyrillic e in the local part": ("dana.lеad@acme.example", "NOT_ASCII"),
    "full-width letters": ("dana.lead@ａcme.example", "NOT_ASCII"),
    "turkish dotless i": ("dana.lead@acme.examplı", "NOT_ASCII"),
    "Kelvin sign": ("\u212aim@acme.example", "NOT_ASCII"),
    "zero-width space": ("dana.lead@acme\u200b.example", "NOT_ASCII"),
    "name that shows staff": ('"dana.lead@acme.example" <eve@evil.example>', "SHOWS_ANOTHER"),
    "bare name that shows staff": ("dana.lead@acme.example <eve@evil.example>", "SHOWS_ANOTHER"),
    "quote left open": ('"Dana <dana.lead@acme.example>', "BAD_ADDRESS"),
    "quote after the angle": ('Dana <"dana.lead"@acme.example>', "BAD_ADDRESS"),
    "quoted local part": ('"dana.lead"@acme.example', "BAD_ADDRESS"),
    "escaped quote": ('"x\\" <dana.lead@acme.example>', "BAD_ADDRESS"),
    "domain literal": ("dana.lead@[192.0.2.1]", "BAD_ADDRESS"),
    "two at signs": ("dana.lead@acme.example@evil.example", "BAD_ADDRESS"),
    "trailing dot": ("dana.lead@acme.example.", "BAD_ADDRESS"),
    "double dot": ("dana..lead@acme.example", "BAD_ADDRESS"),
    "label with a hyphen at its end": ("dana.lead@acme-.example", "BAD_ADDRESS"),
    "blank before the at sign": ("dana.lead @acme.example", "BAD_ADDRESS"),
    "blank inside the angle": ("Dana <dana.lead@acme.example >", "BAD_ADDRESS"),
    "folded inside the address": ("dana.lead\r\n @acme.example", "BAD_ADDRESS"),
    "no domain": ("dana.lead", "BAD_ADDRESS"),
    "one label": ("dana.lead@localhost", "BAD_ADDRESS"),
    "no address": ("<>", "BAD_ADDRESS"),
    "empty": ("", "MISSING"),
    "blanks only": ("  \t ", "MISSING"),
    "endless name": ("x" * 3000 + " <dana.lead@acme.example>", "TOO_LONG"),
    "endless local part": ("d" * 65 + "@acme.example", "BAD_ADDRESS"),
    "colon in the name": ("Re: Dana <dana.lead@acme.example>", "GROUP_OR_ROUTE"),
    "bracket in the name": ("[HR] Dana <dana.lead@acme.example>", "BAD_PHRASE"),
    "comma in the name": ("Lead, Dana <dana.lead@acme.example>", "SEVERAL_ADDRESSES"),
}

_HONEST = {
    "bare": DANA,
    "in angles": f"<{DANA}>",
    "with a name": f"Dana Lead <{DANA}>",
    "with a quoted name": f'"Lead, Dana" <{DANA}>',
    "with an escaped quote in the name": f'"Dana \\"D\\" Lead" <{DANA}>',
    "with dots in the name": f"Dr. D. Lead <{DANA}>",
    "with a comment in the name": f"Dana Lead (HR) <{DANA}>",
    "with an encoded name": f"=?utf-8?B?RMOhbmEgTGVhZA==?= <{DANA}>",
    "with a raw UTF-8 name": f"Dána Lead <{DANA}>",
    "with its own address as the name": f'"{DANA}" <{DANA}>',
    "in capitals": "Dana Lead <Dana.Lead@ACME.Example>",
    "folded after the name": f"Dana Lead\r\n <{DANA}>",
    "with an angle in a quoted name": f'"Dana <Lead>" <{DANA}>',
}

FROM_ROWS = (
    *(
        Row(
            f"From: {name}",
            received(write_mail(value), DKIM_PASS),
            V0,
            Reason.MALFORMED_FROM,
            FromProblem[problem],
        )
        for name, (value, problem) in _HOSTILE.items()
    ),
    *(
        Row(
            f"honest From {name}",
            received(write_mail(value), DKIM_PASS),
            V2,
            Reason.TRUSTED_RESULTS,
            commands=True,
            address=DANA,
        )
        for name, value in _HONEST.items()
    ),
    Row(
        "no From",
        received(write_mail().without("From"), DKIM_PASS),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.MISSING,
    ),
    Row(
        "two From fields, staff on top",
        received(write_mail("eve@evil.example").on_top(("From", DANA)), DKIM_PASS),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.SEVERAL_FIELDS,
    ),
    Row(
        "two From fields, staff below",
        received(write_mail("eve@evil.example").below(("FROM", DANA)), DKIM_PASS),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.SEVERAL_FIELDS,
    ),
    Row(
        "From and a From with a blank before the colon",
        received(write_mail("eve@evil.example").on_top(("From ", DANA)), DKIM_PASS),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.SEVERAL_FIELDS,
    ),
    Row(
        "second From behind a bare line feed",
        received(write_mail().having("Subject", "x\nFrom: eve@evil.example"), DKIM_PASS),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.SEVERAL_FIELDS,
    ),
    Row(
        "second From behind a bare carriage return",
        received(write_mail().having("Subject", "x\rFrom: eve@evil.example"), DKIM_PASS),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.SEVERAL_FIELDS,
    ),
    Row(
        "only From, behind a bare line feed",
        received(write_mail().without("From").having("Subject", f"x\nFrom: {DANA}"), DKIM_PASS),
        V0,
        Reason.AMBIGUOUS_HEADER,
    ),
    Row(
        "From below a line that is no field",
        b"Authentication-Results: " + DKIM_PASS.encode() + b"\r\nno field\r\n" + write_mail().raw(),
        V0,
        Reason.AMBIGUOUS_HEADER,
    ),
    Row(
        "From in the body only",
        b"\r\n" + received(write_mail(), DKIM_PASS).raw(),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.MISSING,
    ),
    Row(
        "From beyond the header limit",
        received(
            write_mail().on_top(*[(f"X-{number}", "y" * 900) for number in range(300)]), DKIM_PASS
        ),
        V0,
        Reason.MALFORMED_FROM,
        FromProblem.MISSING,
    ),
    Row(
        "second From beyond the field limit",
        received(write_mail().below(*[("X", "y")] * 1000, ("From", "eve@evil.example")), DKIM_PASS),
        V0,
        Reason.AMBIGUOUS_HEADER,
    ),
    Row(
        "Sender, Reply-To and Resent-From of staff",
        received(
            write_mail("eve@evil.example").on_top(
                ("Sender", DANA),
                ("Reply-To", DANA),
                ("Resent-From", DANA),
                ("X-Original-From", DANA),
            ),
            "mx.acme.example; dkim=pass header.d=evil.example",
        ),
        V2,
        Reason.TRUSTED_RESULTS,
        address="eve@evil.example",
        commands=True,
    ),
)
