"""Add the sensitive mails whose copy on the mail server is to be removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_server_copies"
down_revision = "0002_confirmations_and_absences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "server_copies",
        sa.Column("inbound_id", sa.String(length=32), nullable=False),
        sa.Column("mailbox", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"],
            ["inbound.id"],
            name=op.f("fk_server_copies_inbound_id_inbound"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_server_copies")),
    )
    op.create_index(op.f("ix_server_copies_mailbox"), "server_copies", ["mailbox"])


def downgrade() -> None:
    op.drop_index(op.f("ix_server_copies_mailbox"), table_name="server_copies")
    op.drop_table("server_copies")
