"""administrators are told once.

What is wrong with a connection, a disk or the worker is a row until it is well again.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0450'
down_revision = '20261130_0446'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('trouble',
    sa.Column('tenant', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__trouble__tenant__tenant')),
    sa.PrimaryKeyConstraint('tenant', 'key', name=op.f('pk__trouble'))
    )


def downgrade() -> None:
    op.drop_table('trouble')
