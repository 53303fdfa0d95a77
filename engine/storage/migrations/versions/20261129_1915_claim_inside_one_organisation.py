"""claim inside one organisation, and find what was lived in a course, by an index."""

import sqlalchemy as sa
from alembic import op

revision = '20261129_1915'
down_revision = '20261129_1757'
branch_labels = None
depends_on = None

_CLAIMABLE = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    op.drop_index('ix__delivery__next', 'delivery')
    op.create_index('ix__delivery__next', 'delivery', ['tenant', 'next_at'],
                    sqlite_where=_CLAIMABLE, postgresql_where=_CLAIMABLE)
    op.drop_index('ix__outbox__due', 'outbox')
    op.create_index('ix__outbox__due', 'outbox', ['tenant', 'state', 'next_at'])
    op.create_index('ix__enrolment__course', 'enrolment', ['tenant', 'course'])


def downgrade() -> None:
    op.drop_index('ix__enrolment__course', 'enrolment')
    op.drop_index('ix__outbox__due', 'outbox')
    op.create_index('ix__outbox__due', 'outbox', ['state', 'next_at'])
    op.drop_index('ix__delivery__next', 'delivery')
    op.create_index('ix__delivery__next', 'delivery', ['next_at'],
                    sqlite_where=_CLAIMABLE, postgresql_where=_CLAIMABLE)
