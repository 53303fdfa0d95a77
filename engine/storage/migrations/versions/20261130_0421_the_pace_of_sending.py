"""the pace of sending, and prompts asked afresh.

A mail server that says "not now" sets the pace of its channel, which all workers share. A learner
who says how to go on after three missed touches is asked afresh, without a row of what was asked
being deleted.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.types import UtcDateTime

revision = '20261130_0421'
down_revision = '20261130_0420'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sending_pace',
        sa.Column('channel', sa.String(length=20), nullable=False),
        sa.Column('holds', sa.Integer(), nullable=False),
        sa.Column('held_until', UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('channel', name=op.f('pk__sending_pace')),
    )
    with op.batch_alter_table('learner', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('asked_afresh_after', sa.Integer(), server_default='0', nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('learner', schema=None) as batch_op:
        batch_op.drop_column('asked_afresh_after')
    op.drop_table('sending_pace')
