"""a link to an empty installation.

Whoever starts an installation without an administrator gets a one-time link that makes one.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.types import UtcDateTime

revision = '20261130_0453'
down_revision = '20261130_0450'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'first_run',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk__first_run')),
    )


def downgrade() -> None:
    op.drop_table('first_run')
