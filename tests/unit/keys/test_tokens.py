from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mailflow.core.case.reply_address import Audience, Purpose
from mailflow.keys.tokens import (
    TOKEN_CHARACTERS,
    TokenParts,
    TokenSubject,
    is_of_revoked_kid,
    mint_token,
    read_token,
    token_handle,
    verify_token,
)
from tests.unit.keys.independent import (
    INSTANCE,
    base32_of_bits,
    hmac256,
    joined,
    key_of,
    leading_bits,
    lookup_key_of,
)

if TYPE_CHECKING:
    from mailflow.keys.keyring import Keyring

SUBJECT = TokenSubject("c0ffee", "anna", Audience.REQUESTER, Purpose.REPLY, generation=1)
CONFIRM = replace(SUBJECT, purpose=Purpose.CONFIRM, bound_to="digest of #merge")


def read(text: str) -> TokenParts:
    parts = read_token(text)
    assert parts is not None
    return parts


@pytest.mark.parametrize(
    ("subject", "label", "bound"),
    [
        (SUBJECT, "reply", b""),
        (replace(SUBJECT, purpose=Purpose.RATE5, audience=Audience.STAFF), "reply", b""),
        (replace(SUBJECT, purpose=Purpose.BOUNCE), "bounce", b""),
        (CONFIRM, "confirm", joined(b"digest of #merge")),
    ],
    ids=["reply", "rate5", "bounce", "confirm"],
)
def test_a_token_is_kid_handle_and_tag_of_the_formula(
    known: Keyring, subject: TokenSubject, label: str, bound: bytes
) -> None:
    purpose, audience = subject.purpose.encode(), subject.audience.encode()
    handle_fields = joined(b"c0ffee", b"anna", purpose, b"1") + bound
    handle = leading_bits(hmac256(lookup_key_of("handle"), handle_fields), 50)
    tag_fields = joined(
        INSTANCE.encode(),
        b"3",
        str(int(handle, 2)).encode(),
        b"c0ffee",
        b"anna",
        audience,
        purpose,
        b"1",
    )
    message = b"mailflow/" + label.encode() + b"/v1\0" + tag_fields + bound
    tag = leading_bits(hmac256(key_of(label, 3), message), 100)
    token = mint_token(known, subject)
    assert token.text == base32_of_bits("00011" + handle + tag)
    assert (token.kid, token.handle) == (3, int(handle, 2))


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.CONFIRM])
def test_a_token_of_each_purpose_verifies_in_any_case(keyring: Keyring, purpose: Purpose) -> None:
    subject = replace(SUBJECT, purpose=purpose)
    token = mint_token(keyring, subject)
    assert len(token.text) == TOKEN_CHARACTERS
    assert read(token.text).handle == token.handle == token_handle(keyring, subject)
    assert verify_token(keyring, read(token.text), subject)
    assert verify_token(keyring, read(token.text.upper()), subject)


OTHER_SUBJECTS = [
    replace(SUBJECT, case_uid="c0ffef"),
    replace(SUBJECT, participant_id="ben"),
    replace(SUBJECT, audience=Audience.STAFF),
    replace(SUBJECT, purpose=Purpose.NOTE),
    replace(SUBJECT, purpose=Purpose.BOUNCE),
    replace(SUBJECT, generation=2),
    replace(SUBJECT, bound_to="x"),
    replace(SUBJECT, case_uid="c0ffeea", participant_id="nna"),
]


@pytest.mark.parametrize("other", OTHER_SUBJECTS)
def test_a_handle_pointed_at_another_row_does_not_verify(
    keyring: Keyring, other: TokenSubject
) -> None:
    parts = read(mint_token(keyring, SUBJECT).text)
    assert verify_token(keyring, parts, SUBJECT)
    assert not verify_token(keyring, parts, other)


def test_each_generation_and_purpose_has_a_handle_of_its_own(keyring: Keyring) -> None:
    subjects = [
        replace(SUBJECT, purpose=p, generation=g, bound_to="x") for p in Purpose for g in (1, 2)
    ]
    assert len({token_handle(keyring, subject) for subject in subjects}) == len(subjects)


def test_a_token_with_any_character_changed_does_not_verify(keyring: Keyring) -> None:
    keyring.rotate()
    token = mint_token(keyring, SUBJECT).text
    for position, character in enumerate(token):
        changed = token[:position] + ("b" if character == "a" else "a") + token[position + 1 :]
        assert not verify_token(keyring, read(changed), SUBJECT)


def test_a_token_of_another_instance_does_not_verify(keyring: Keyring, known: Keyring) -> None:
    parts = read(mint_token(known, SUBJECT).text)
    assert not verify_token(keyring, replace(parts, kid=0), SUBJECT)


@pytest.mark.parametrize(
    "text", ["", "a" * 30, "a" * 32, "a" * 30 + "1", "a" * 30 + " ", "a" * 30 + "\u212a"]
)
def test_what_has_not_the_shape_of_a_token_is_none(text: str) -> None:
    assert read_token(text) is None


def test_old_tokens_stay_good_and_keep_their_row_when_the_key_is_rotated(keyring: Keyring) -> None:
    old = mint_token(keyring, SUBJECT)
    keyring.rotate()
    new = mint_token(keyring, SUBJECT)
    assert (old.kid, new.kid) == (0, 1)
    assert old.handle == new.handle
    assert verify_token(keyring, read(old.text), SUBJECT)
    assert verify_token(keyring, read(new.text), SUBJECT)


def test_only_the_tokens_of_a_revoked_key_are_refused(keyring: Keyring) -> None:
    old = mint_token(keyring, SUBJECT)
    keyring.rotate()
    new = mint_token(keyring, SUBJECT)
    keyring.revoke(0)
    assert not verify_token(keyring, read(old.text), SUBJECT)
    assert verify_token(keyring, read(new.text), SUBJECT)


def test_a_confirmation_is_good_for_its_exact_command_only(keyring: Keyring) -> None:
    parts = read(mint_token(keyring, CONFIRM).text)
    assert verify_token(keyring, parts, CONFIRM)
    assert not verify_token(keyring, parts, replace(CONFIRM, bound_to="digest of #hold"))


def test_a_confirmation_of_nothing_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="bound to what it confirms"):
        replace(SUBJECT, purpose=Purpose.CONFIRM)


def test_tokens_are_kept_out_of_repr(keyring: Keyring) -> None:
    token = mint_token(keyring, SUBJECT)
    assert token.text not in repr(token)
    assert "tag" not in repr(read(token.text))


def test_a_token_of_a_revoked_key_is_told_from_one_that_was_never_good(keyring: Keyring) -> None:
    old = read(mint_token(keyring, SUBJECT).text)
    assert not is_of_revoked_kid(keyring, old, SUBJECT)
    keyring.revoke(old.kid)
    new = read(mint_token(keyring, SUBJECT).text)

    assert is_of_revoked_kid(keyring, old, SUBJECT)
    assert not is_of_revoked_kid(keyring, old, replace(SUBJECT, case_uid="other"))
    assert not is_of_revoked_kid(keyring, new, SUBJECT)
    assert not is_of_revoked_kid(keyring, replace(old, kid=31), SUBJECT)
