from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mailflow.access_tokens import AccessTokens, Grant, NoTokenError, Provider
from tests.servers.token_endpoint import TokenEndpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailflow.clock import SteeredClock

APPLICATION = Grant(
    provider=Provider.MICROSOFT,
    client_id="an-application",
    client_secret=lambda: "its secret",
    tenant="a tenant/../x",
)


@pytest.fixture
def endpoint() -> Iterator[TokenEndpoint]:
    endpoint = TokenEndpoint.start()
    yield endpoint
    endpoint.stop()


@pytest.fixture
def tokens(endpoint: TokenEndpoint, clock: SteeredClock) -> AccessTokens:
    return AccessTokens(replace(APPLICATION, token_url=endpoint.url), clock=clock)


def test_the_providers_own_endpoints_are_asked_over_https() -> None:
    google = replace(APPLICATION, provider=Provider.GOOGLE, tenant=None)
    assert google.url == "https://oauth2.googleapis.com/token"
    assert APPLICATION.url == (
        "https://login.microsoftonline.com/a%20tenant%2F..%2Fx/oauth2/v2.0/token"
    )


def test_a_microsoft_application_asks_in_its_own_name(
    endpoint: TokenEndpoint, tokens: AccessTokens
) -> None:
    assert tokens.current() == "pw"
    assert endpoint.forms == [
        {
            "grant_type": "client_credentials",
            "scope": "https://outlook.office365.com/.default",
            "client_id": "an-application",
            "client_secret": "its secret",
        }
    ]


def test_at_google_the_mailboxs_own_refresh_token_asks(
    endpoint: TokenEndpoint, clock: SteeredClock
) -> None:
    grant = replace(
        APPLICATION,
        provider=Provider.GOOGLE,
        refresh_token=lambda: "of the mailbox",
        token_url=endpoint.url,
    )
    AccessTokens(grant, clock=clock).current()
    assert endpoint.forms[0]["grant_type"] == "refresh_token"
    assert endpoint.forms[0]["refresh_token"] == "of the mailbox"
    assert "scope" not in endpoint.forms[0]


@pytest.mark.parametrize(
    ("life_seconds", "kept_seconds"),
    [(3600, 3300), ("3600", 3300), (400, 200), (0, 15), (None, 15)],
)
def test_a_token_is_kept_until_it_is_about_to_expire(
    endpoint: TokenEndpoint,
    tokens: AccessTokens,
    clock: SteeredClock,
    life_seconds: Any,
    kept_seconds: float,
) -> None:
    endpoint.answer_with(200, {"access_token": "first", "expires_in": life_seconds})
    tokens.current()
    endpoint.answer_with(200, {"access_token": "second", "expires_in": 3600})
    clock.advance(timedelta(seconds=kept_seconds - 1))
    assert tokens.current() == "first"
    clock.advance(timedelta(seconds=1))
    assert tokens.current() == "second"


def test_a_refused_token_is_asked_for_anew_and_a_newer_one_is_kept(
    endpoint: TokenEndpoint, tokens: AccessTokens
) -> None:
    refused = tokens.current()
    endpoint.answer_with(200, {"access_token": "newer", "expires_in": 3600})
    tokens.forget(refused)
    assert tokens.current() == "newer"
    tokens.forget(refused)
    assert tokens.current() == "newer"
    assert len(endpoint.forms) == 2


@pytest.mark.parametrize(
    ("answer", "mend"),
    [
        ({"error": "invalid_client", "error_codes": [7000222]}, "has expired"),
        ({"error": "invalid_client", "error_codes": [7000215]}, "copy the value, not its id"),
        ({"error": "unauthorized_client", "error_codes": [700016]}, "no application of this"),
        ({"error": "invalid_request", "error_codes": [90002]}, "copy the directory (tenant) id"),
        ({"error": "invalid_client"}, "compare client_id and client_secret"),
        ({"error": "invalid_grant"}, "log the mailbox in again"),
        ({"error": ["odd"], "error_codes": "odd"}, "compare tenant, client_id"),
        ({"error": "a sentence about riya.rao@acme.example"}, "compare tenant, client_id"),
    ],
)
def test_a_refusal_says_what_to_mend_in_our_own_words(
    endpoint: TokenEndpoint, tokens: AccessTokens, answer: dict[str, Any], mend: str
) -> None:
    endpoint.answer_with(400, answer | {"error_description": "for riya.rao@acme.example"})
    with pytest.raises(NoTokenError) as refused:
        tokens.current()
    assert refused.value.mend is not None
    assert mend in refused.value.mend
    assert "riya" not in f"{refused.value} {refused.value.mend}"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, b"<html>"),
        (429, {"error": "slow_down"}),
        (302, b""),
        (200, b"[" * 5000),
        (200, b"[]"),
        (200, {"token": "x"}),
        (200, {"access_token": 5}),
        (200, {"access_token": "t\u00f6ken"}),
        (200, {"access_token": " "}),
    ],
)
def test_an_answer_without_a_token_is_a_reason_to_ask_later(
    endpoint: TokenEndpoint, tokens: AccessTokens, status: int, body: dict[str, Any] | bytes
) -> None:
    endpoint.answer_with(status, body)
    with pytest.raises(NoTokenError) as nothing:
        tokens.current()
    assert nothing.value.mend is None


def test_an_endpoint_that_is_away_is_a_reason_to_ask_later(clock: SteeredClock) -> None:
    gone = TokenEndpoint.start()
    gone.stop()
    with pytest.raises(NoTokenError, match="does not answer"):
        AccessTokens(replace(APPLICATION, token_url=gone.url), clock=clock).current()


def test_neither_secret_nor_token_is_shown(tokens: AccessTokens) -> None:
    assert "its secret" not in repr(tokens.grant)
    assert tokens.current() not in repr(tokens)
