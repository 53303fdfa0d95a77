"""forget LTI 1.1 consumers, which nothing reads."""

import sqlalchemy as sa
from alembic import op

revision = '20261129_1757'
down_revision = '20261126_0717'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table('lti_consumer')


def downgrade() -> None:
    op.create_table(
        'lti_consumer',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('registration', sa.String(length=32), nullable=False),
        sa.Column('consumer', sa.String(length=255), nullable=False),
        sa.Column('secret', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['tenant', 'registration'], ['lti_registration.tenant', 'lti_registration.id'],
                                name=op.f('fk__lti_consumer__tenant_registration__lti_registration'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__lti_consumer__tenant__tenant')),
        sa.PrimaryKeyConstraint('tenant', 'registration', 'consumer', name=op.f('pk__lti_consumer')),
    )
