"""who writes.

An organisation says as whom its mails are sent, where questions about data go, and in which
language and time zone its people begin.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0413'
down_revision = '20261130_0130'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('tenant', sa.Column('sender_name', sa.String(length=120), nullable=True))
    op.add_column('tenant', sa.Column('contact', sa.String(length=254), nullable=True))
    op.add_column('tenant', sa.Column('language', sa.String(length=5), nullable=True))
    op.add_column('tenant', sa.Column('zone', sa.String(length=60), nullable=True))


def downgrade() -> None:
    for name in ('zone', 'language', 'contact', 'sender_name'):
        op.drop_column('tenant', name)
