"""what is handed in waits in a row; invitations know names."""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0417'
down_revision = '20261130_0414'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'upload',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('account', sa.String(length=32), nullable=False),
        sa.Column('course', sa.String(length=32), nullable=True),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['tenant', 'account'], ['account.tenant', 'account.id'],
            name=op.f('fk__upload__tenant_account__account'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant', 'course'], ['course.tenant', 'course.id'],
            name=op.f('fk__upload__tenant_course__course'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__upload__tenant__tenant')),
        sa.PrimaryKeyConstraint('tenant', 'id', name=op.f('pk__upload')),
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index('ix__upload__asked', ['asked_at'], unique=False)
        batch_op.create_index('ix__upload__tenant_account', ['tenant', 'account'], unique=False)
        batch_op.create_index('ix__upload__tenant_course', ['tenant', 'course'], unique=False)

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('name', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('cohort', sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_column('cohort')
        batch_op.drop_column('name')

    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index('ix__upload__tenant_course')
        batch_op.drop_index('ix__upload__tenant_account')
        batch_op.drop_index('ix__upload__asked')

    op.drop_table('upload')
