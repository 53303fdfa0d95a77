"""where channels other than mail reach somebody."""

import sqlalchemy as sa
from alembic import op

revision = '20261129_1950'
down_revision = '20261129_1940'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'address',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('account', sa.String(length=32), nullable=False),
        sa.Column('channel', sa.String(length=20), nullable=False),
        sa.Column('value', sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__address__tenant__tenant')),
        sa.ForeignKeyConstraint(['tenant', 'account'], ['account.tenant', 'account.id'], ondelete='CASCADE',
                                name=op.f('fk__address__tenant_account__account')),
        sa.PrimaryKeyConstraint('tenant', 'account', 'channel', name=op.f('pk__address')),
    )


def downgrade() -> None:
    op.drop_table('address')
