"""A choice can be taken back: the log of a table keeps both."""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0444'
down_revision = '20261130_0440'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.add_column(sa.Column('takes_back', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.drop_column('takes_back')
