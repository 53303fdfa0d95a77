"""own words on public pages.

An organisation writes its privacy page, legal notice and accessibility statement itself, where ours
are not its own.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0430'
down_revision = '20261130_0425'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('tenant', sa.Column('documents', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column('tenant', 'documents')
