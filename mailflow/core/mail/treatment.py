"""What the level of a sender allows: the decision table of who may speak, as a value."""

# ruff: noqa: S105 - the tokens spoken of are kinds of mail; no secret stands here.

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailflow.core.mail.authentication import SenderLevel


class Speech(StrEnum):
    """What a mail claims to be, by its sender and its token."""

    STAFF_OWN_TOKEN = "staff_own_token"
    STAFF_NO_TOKEN = "staff_no_token"
    STAFF_FOREIGN_TOKEN = "staff_foreign_token"
    EMPLOYEE_OWN_TOKEN = "employee_own_token"
    PARTICIPANT_REFERENCE = "participant_reference"
    FOREIGN_TOKEN = "foreign_token"
    NEW_FROM_EMPLOYEE = "new_from_employee"
    NEW_FROM_OUTSIDER = "new_from_outsider"


class Treatment(StrEnum):
    """What is done with the mail. Nothing is ever dropped."""

    DO = "do"
    HOLD = "hold"
    HOLD_AND_CHALLENGE = "hold_and_challenge"
    HOLD_AND_ALERT = "hold_and_alert"
    HOLD_FOR_OWNER = "hold_for_owner"
    HOLD_AND_RENEW_TOKEN = "hold_and_renew_token"
    APPEND = "append"
    APPEND_UNVERIFIED = "append_unverified"
    CASE_AND_ACK = "case_and_ack"
    CASE_AND_ACK_TO_DIRECTORY = "case_and_ack_to_directory"
    CASE_NO_ACK = "case_no_ack"
    CASE_FLAGGED_NO_ACK = "case_flagged_no_ack"


_T = Treatment

# Columns stand for V0, V1, V2, V3.
DECISION_TABLE: Mapping[Speech, tuple[Treatment, Treatment, Treatment, Treatment]] = (
    MappingProxyType(
        {
            Speech.STAFF_OWN_TOKEN: (_T.HOLD_AND_ALERT, _T.HOLD_AND_CHALLENGE, _T.DO, _T.DO),
            Speech.STAFF_NO_TOKEN: (_T.HOLD_AND_ALERT, _T.HOLD_AND_CHALLENGE, _T.DO, _T.DO),
            Speech.STAFF_FOREIGN_TOKEN: (_T.HOLD_AND_ALERT,) * 4,
            Speech.EMPLOYEE_OWN_TOKEN: (
                _T.HOLD_FOR_OWNER,
                _T.APPEND_UNVERIFIED,
                _T.APPEND,
                _T.APPEND,
            ),
            Speech.PARTICIPANT_REFERENCE: (_T.HOLD, _T.HOLD_FOR_OWNER, _T.APPEND, _T.APPEND),
            Speech.FOREIGN_TOKEN: (_T.HOLD_AND_RENEW_TOKEN,) * 4,
            Speech.NEW_FROM_EMPLOYEE: (
                _T.CASE_FLAGGED_NO_ACK,
                _T.CASE_AND_ACK_TO_DIRECTORY,
                _T.CASE_AND_ACK,
                _T.CASE_AND_ACK,
            ),
            Speech.NEW_FROM_OUTSIDER: (
                _T.CASE_FLAGGED_NO_ACK,
                _T.CASE_NO_ACK,
                _T.CASE_AND_ACK,
                _T.CASE_AND_ACK,
            ),
        }
    )
)


def decide_by_table(speech: Speech, level: SenderLevel, *, commands_allowed: bool) -> Treatment:
    """What to do with a mail of this kind and level.

    ``commands_allowed`` is the answer of ``may_command``: where the table says "do" and the
    profile does not suffice, the sender is asked at the address in the directory.
    """
    treatment = DECISION_TABLE[speech][level]
    if treatment is Treatment.DO and not commands_allowed:
        return Treatment.HOLD_AND_CHALLENGE
    return treatment
