"""what an organisation says and who works.

An organisation says how far its site conforms with the RGAA, and may keep less long; each process
with a worker has a row of its own.
"""

import sqlalchemy as sa
from alembic import op

from engine.storage.types import UtcDateTime

revision = '20261130_0945'
down_revision = '20261130_0930'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'worker_process',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('seen_at', UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk__worker_process')),
    )
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('conformity', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('retention', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_column('retention')
        batch_op.drop_column('conformity')
    op.drop_table('worker_process')
