"""an organisation may have a gentler rhythm than the default."""

import sqlalchemy as sa
from alembic import op

revision = '20261129_1940'
down_revision = '20261129_1920'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('tenant', sa.Column('rhythm', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column('tenant', 'rhythm')
