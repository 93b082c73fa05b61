from __future__ import annotations

import pytest

from mailflow.core.mail.arc import MAX_SETS, read_arc_chain
from mailflow.core.mail.header_block import HeaderBlock, read_header_block

_SEALERS = frozenset({"lists.acme.example"})


def _set(number: int | str, **changes: str) -> list[tuple[str, str]]:
    domain = changes.get("domain", "lists.acme.example")
    signer = changes.get("signer", domain)
    cv = changes.get("cv", "none" if number == 1 else "pass")
    extra = changes.get("extra", "")
    return [
        ("ARC-Seal", f"i={number}; cv={cv}; d={domain}; s=s1; b=x"),
        ("ARC-Message-Signature", f"i={number}; d={signer}; s=s1; {extra} b=x"),
        ("ARC-Authentication-Results", f"i={number}; {domain}; dkim=pass header.d=acme.example"),
    ]


def _header(fields: list[tuple[str, str]]) -> HeaderBlock:
    text = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return read_header_block(text.encode() + b"\r\n")


def test_newest_set_tells_sealer_and_what_it_saw() -> None:
    fields = _set(2, extra="c=simple/simple;") + _set(1, domain="evil.example")

    chain = read_arc_chain(_header(fields), sealers=_SEALERS)

    assert chain is not None
    assert (chain.sealer, chain.body_canon, chain.is_valid) == (
        "lists.acme.example",
        "simple",
        False,
    )
    assert chain.results.authserv_id == "lists.acme.example"
    assert chain.results.of("dkim")[0].result == "pass"


@pytest.mark.parametrize(
    "fields",
    [
        [],
        _set(1)[:2],
        _set(1)[1:],
        _set(2),
        _set(1) + _set(1),
        _set(1) + _set(3),
        _set("x"),
        _set(0),
        [field for number in range(MAX_SETS + 1, 0, -1) for field in _set(number)],
        _set(1, domain="evil.example"),
        _set(2, domain="evil.example") + _set(1),
        _set(1, signer="evil.example"),
        _set(1, cv="pass"),
        _set(2, cv="fail") + _set(1),
        _set(2, cv="none") + _set(1),
        _set(1, extra="l=5;"),
        _set(1, extra="c=nofws;"),
        _set(1, extra="d=doubled;"),
    ],
)
def test_chain_that_is_incomplete_or_a_strangers_is_no_chain(
    fields: list[tuple[str, str]],
) -> None:
    assert read_arc_chain(_header(fields), sealers=_SEALERS) is None
