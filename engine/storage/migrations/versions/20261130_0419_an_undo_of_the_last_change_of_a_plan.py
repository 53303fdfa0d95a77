"""an undo of the last change of a plan."""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0419'
down_revision = '20261130_0417'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.add_column(sa.Column('undo', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.drop_column('undo')
