"""a login keeps less.

What the platform said at login is no longer stored, but for the frame that keeps our state: a login
is not restarted from what was kept, but offered in a window before the platform is asked.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0130'
down_revision = '20261130_0117'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('lti_state', schema=None) as batch_op:
        batch_op.add_column(sa.Column('storage', sa.String(length=255), nullable=True))
        batch_op.drop_column('login')


def downgrade() -> None:
    with op.batch_alter_table('lti_state', schema=None) as batch_op:
        batch_op.add_column(sa.Column('login', sa.JSON(), server_default='{}', nullable=False))
        batch_op.drop_column('storage')
    with op.batch_alter_table('lti_state', schema=None) as batch_op:
        batch_op.alter_column('login', server_default=None)
