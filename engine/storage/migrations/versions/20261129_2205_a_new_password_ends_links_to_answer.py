"""a new password ends links to answer."""

import sqlalchemy as sa
from alembic import op

revision = '20261129_2205'
down_revision = '20261129_2203'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('account', sa.Column('link_epoch', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    op.drop_column('account', 'link_epoch')
