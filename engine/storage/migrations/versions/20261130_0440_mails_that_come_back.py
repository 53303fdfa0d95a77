"""mails that come back.

A mail server may report that it could not deliver a mail: how often in a row is kept with whoever
it was for, and after three no more is sent.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0440'
down_revision = '20261130_0434'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_refusal',
    sa.Column('tenant', sa.String(length=60), nullable=False),
    sa.Column('account', sa.String(length=32), nullable=False),
    sa.Column('in_a_row', sa.Integer(), nullable=False),
    sa.Column('last_touch', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refused_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant', 'account'], ['account.tenant', 'account.id'], name=op.f('fk__mail_refusal__tenant_account__account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__mail_refusal__tenant__tenant')),
    sa.PrimaryKeyConstraint('tenant', 'account', name=op.f('pk__mail_refusal'))
    )


def downgrade() -> None:
    op.drop_table('mail_refusal')
