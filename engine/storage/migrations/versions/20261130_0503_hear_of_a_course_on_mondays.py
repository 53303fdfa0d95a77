"""hear of a course on Mondays.

Who runs a course may wish for one mail on Monday morning; a row is such a wish, and its mail.
"""

import sqlalchemy as sa
from alembic import op

import engine.storage.types

revision = '20261130_0503'
down_revision = '20261130_0500'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('monday_mail',
    sa.Column('tenant', sa.String(length=60), nullable=False),
    sa.Column('course', sa.String(length=32), nullable=False),
    sa.Column('account', sa.String(length=32), nullable=False),
    sa.Column('week', sa.String(length=8), nullable=False),
    sa.Column('due_at', engine.storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_at', engine.storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lease_until', engine.storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('sent_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant', 'account'], ['account.tenant', 'account.id'], name=op.f('fk__monday_mail__tenant_account__account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant', 'course'], ['course.tenant', 'course.id'], name=op.f('fk__monday_mail__tenant_course__course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__monday_mail__tenant__tenant')),
    sa.PrimaryKeyConstraint('tenant', 'course', 'account', name=op.f('pk__monday_mail'))
    )
    with op.batch_alter_table('monday_mail', schema=None) as batch_op:
        batch_op.create_index('ix__monday_mail__due', ['due_at'], unique=False)
        batch_op.create_index('ix__monday_mail__next', ['tenant', 'next_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))



def downgrade() -> None:
    with op.batch_alter_table('monday_mail', schema=None) as batch_op:
        batch_op.drop_index('ix__monday_mail__next', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix__monday_mail__due')

    op.drop_table('monday_mail')
