"""Add confirmations of held mails, and absences of staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_confirmations_and_absences"
down_revision = "0001_create_tables"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("handle", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kid", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.String(length=32), nullable=False),
        sa.Column("participant_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_confirmations")),
    )
    op.create_table(
        "absences",
        sa.Column("person_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("delegate_index", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("person_index", name=op.f("pk_absences")),
    )


def downgrade() -> None:
    op.drop_table("absences")
    op.drop_table("confirmations")
