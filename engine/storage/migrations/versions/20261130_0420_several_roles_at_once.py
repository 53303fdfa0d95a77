"""several roles at once.

Somebody may teach one course and learn in another: who ran something and has said yes to the trust
contract, or is a learner of some course, has both roles.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0420'
down_revision = '20261130_0419'
branch_labels = None
depends_on = None

BOTH = """
UPDATE account SET roles = 'learner ' || role
WHERE role <> 'learner' AND (
    EXISTS (SELECT 1 FROM learner l
            WHERE l.tenant = account.tenant AND l.id = account.id AND l.contract_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM membership m
               WHERE m.tenant = account.tenant AND m.account = account.id AND m.role = 'learner'))
"""
STRONGEST = """
UPDATE account SET role = CASE
    WHEN roles LIKE '%administrator%' THEN 'administrator'
    WHEN roles LIKE '%facilitator%' THEN 'facilitator'
    ELSE 'learner' END
"""


def upgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('roles', sa.String(length=60), nullable=True))
    op.execute("UPDATE account SET roles = role")
    op.execute(BOTH)
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.alter_column('roles', existing_type=sa.String(length=60), nullable=False)
        batch_op.drop_column('role')


def downgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.String(length=20), nullable=True))
    op.execute(STRONGEST)
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.alter_column('role', existing_type=sa.String(length=20), nullable=False)
        batch_op.drop_column('roles')
