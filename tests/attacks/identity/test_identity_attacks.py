"""Hostile mails and honest ones side by side: each row says what must come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailflow.core.mail.authentication import SenderVerdict, may_command
from mailflow.core.mail.treatment import Speech, Treatment, decide_by_table
from mailflow.intake.senders import identify_sender
from tests.attacks.identity.arc_rows import ARC_ROWS
from tests.attacks.identity.dkim_rows import DKIM_ROWS
from tests.attacks.identity.from_rows import FROM_ROWS
from tests.attacks.identity.mail_signer import NOW, Zone
from tests.attacks.identity.results_rows import RESULTS_ROWS

if TYPE_CHECKING:
    from tests.attacks.identity.rows import Row

ROWS = (*FROM_ROWS, *DKIM_ROWS, *RESULTS_ROWS, *ARC_ROWS)
HOSTILE = tuple(row for row in ROWS if not row.name.startswith("honest"))


def judge_row(row: Row) -> SenderVerdict:
    return identify_sender(
        row.raw(),
        policy=row.policy,
        received_at=NOW,
        resolver=Zone(),
        seen_signature=lambda _: row.seen,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_mail_gets_the_level_of_its_row(row: Row) -> None:
    verdict = judge_row(row)

    assert (verdict.level, verdict.reason) == (row.level, row.reason)
    assert row.detail is None or verdict.detail == row.detail
    assert row.address is None or verdict.address == row.address


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_mail_commands_only_where_its_row_says_so(row: Row) -> None:
    verdict = judge_row(row)
    allowed = may_command(verdict, row.policy)
    treatment = decide_by_table(Speech.STAFF_OWN_TOKEN, verdict.level, commands_allowed=allowed)

    assert allowed is row.commands
    assert (treatment is Treatment.DO) is row.commands


def test_hostile_rows_are_at_least_eighty_five_and_have_names_of_their_own() -> None:
    assert len(HOSTILE) >= 85
    assert len({row.name for row in ROWS}) == len(ROWS)
