"""mails that somebody asked for are rows on their way out."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.storage.types import UtcDateTime

revision = '20261129_2210'
down_revision = '20261129_2205'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def on_its_way() -> list[sa.Column[Any]]:
    return [
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('next_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('lease_until', UtcDateTime(timezone=True), nullable=True),
        sa.Column('owner', sa.String(length=64), nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.Column('sent_at', UtcDateTime(timezone=True), nullable=True),
    ]


def waiting(table: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.create_index(f'ix__{table}__next', ['tenant', 'next_at'], unique=False,
                              sqlite_where=WAITING, postgresql_where=WAITING)


def upgrade() -> None:
    op.create_table(
        'asked_link',
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('email', sa.String(length=254), nullable=False),
        sa.Column('until', UtcDateTime(timezone=True), nullable=False),
        *on_its_way(),
        sa.PrimaryKeyConstraint('kind', 'email', name=op.f('pk__asked_link')),
    )
    op.create_table(
        'address_claim',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('account', sa.String(length=32), nullable=False),
        sa.Column('email', sa.String(length=254), nullable=False),
        sa.Column('language', sa.String(length=5), nullable=False),
        sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
        *on_its_way(),
        sa.ForeignKeyConstraint(['tenant', 'account'], ['account.tenant', 'account.id'], ondelete='CASCADE',
                                name=op.f('fk__address_claim__tenant_account__account')),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__address_claim__tenant__tenant')),
        sa.PrimaryKeyConstraint('tenant', 'account', name=op.f('pk__address_claim')),
    )
    op.create_table(
        'invitation',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('course', sa.String(length=32), nullable=False),
        sa.Column('email', sa.String(length=254), nullable=False),
        sa.Column('language', sa.String(length=5), nullable=False),
        sa.Column('invited_by', sa.String(length=32), nullable=True),
        sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('accepted_at', UtcDateTime(timezone=True), nullable=True),
        *on_its_way(),
        sa.ForeignKeyConstraint(['tenant', 'course'], ['course.tenant', 'course.id'], ondelete='CASCADE',
                                name=op.f('fk__invitation__tenant_course__course')),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__invitation__tenant__tenant')),
        sa.PrimaryKeyConstraint('tenant', 'course', 'email', name=op.f('pk__invitation')),
    )
    waiting('address_claim')
    waiting('invitation')
    with op.batch_alter_table('invitation') as batch_op:
        batch_op.create_index('ix__invitation__asked', ['tenant', 'asked_at'], unique=False)


def downgrade() -> None:
    op.drop_table('invitation')
    op.drop_table('address_claim')
    op.drop_table('asked_link')
