"""an index by which old counts of the gate are forgotten."""

from alembic import op

revision = '20261129_2129'
down_revision = '20261129_1950'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix__throttle__since', 'throttle', ['since'])


def downgrade() -> None:
    op.drop_index('ix__throttle__since', table_name='throttle')
