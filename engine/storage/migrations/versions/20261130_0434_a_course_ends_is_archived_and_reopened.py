"""a course ends, is archived and reopened."""

import sqlalchemy as sa
from alembic import op

import engine.storage.types

revision = '20261130_0434'
down_revision = '20261130_0433'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ends_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('ended_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('archived_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('at_end', sa.String(length=10), server_default='finish', nullable=False))
        batch_op.add_column(sa.Column('owed', sa.String(length=10), nullable=True))
        batch_op.create_index('ix__course__ends', ['ends_on'], unique=False, sqlite_where=sa.text('ended_at IS NULL AND ends_on IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND ends_on IS NOT NULL'))
        batch_op.create_index('ix__course__owed', ['tenant'], unique=False, sqlite_where=sa.text('owed IS NOT NULL'), postgresql_where=sa.text('owed IS NOT NULL'))



def downgrade() -> None:
    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.drop_index('ix__course__owed', sqlite_where=sa.text('owed IS NOT NULL'), postgresql_where=sa.text('owed IS NOT NULL'))
        batch_op.drop_index('ix__course__ends', sqlite_where=sa.text('ended_at IS NULL AND ends_on IS NOT NULL'), postgresql_where=sa.text('ended_at IS NULL AND ends_on IS NOT NULL'))
        batch_op.drop_column('owed')
        batch_op.drop_column('at_end')
        batch_op.drop_column('archived_at')
        batch_op.drop_column('ended_at')
        batch_op.drop_column('ends_on')

