"""announcements.

Learners are told by mail that an experience has opened, that one waits, or that a question is still
open: at most once a local day. Those who have joined are looked at once the worker runs.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.storage.types import UtcDateTime

revision = '20261130_0433'
down_revision = '20261130_0430'
branch_labels = None
depends_on = None

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    op.create_table(
        'announcement',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('learner', sa.String(length=32), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('items', sa.JSON(), nullable=False),
        sa.Column('touch', sa.Integer(), nullable=True),
        sa.Column('email', sa.String(length=254), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('next_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('lease_until', UtcDateTime(timezone=True), nullable=True),
        sa.Column('owner', sa.String(length=64), nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.Column('sent_at', UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant', 'learner'],
            ['learner.tenant', 'learner.id'],
            name=op.f('fk__announcement__tenant_learner__learner'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant'], ['tenant.id'], name=op.f('fk__announcement__tenant__tenant')
        ),
        sa.PrimaryKeyConstraint('tenant', 'learner', 'day', name=op.f('pk__announcement')),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        'ix__announcement__next',
        'announcement',
        ['tenant', 'next_at'],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.add_column('course', sa.Column('announces', sa.Boolean(), nullable=True))
    for column in (
        sa.Column('announcements', sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column('announced_on', sa.Date(), nullable=True),
        sa.Column('announce_at', UtcDateTime(timezone=True), nullable=True),
    ):
        op.add_column('learner', column)
    to_look_at = sa.text('announce_at IS NOT NULL')
    op.create_index(
        'ix__learner__announce',
        'learner',
        ['announce_at'],
        sqlite_where=to_look_at,
        postgresql_where=to_look_at,
    )
    learner = sa.table(
        'learner',
        sa.column('announce_at', UtcDateTime(timezone=True)),
        sa.column('contract_at'),
        sa.column('stopped_at'),
    )
    op.execute(
        learner.update()
        .where(learner.c.contract_at.is_not(None), learner.c.stopped_at.is_(None))
        .values(announce_at=_LONG_AGO)
    )


def downgrade() -> None:
    op.drop_index('ix__learner__announce', table_name='learner')
    for name in ('announce_at', 'announced_on', 'announcements'):
        op.drop_column('learner', name)
    op.drop_column('course', 'announces')
    op.drop_table('announcement')
