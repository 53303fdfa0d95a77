"""who said a role.

What an LMS said so far counts as said by launches: a roster no longer undoes it.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0059'
down_revision = '20261129_2210'
branch_labels = None
depends_on = None

FROM_LMS = """
UPDATE membership SET role_source = 'launch'
WHERE (tenant, course) IN (SELECT tenant, course FROM lti_context)
AND (tenant, account) IN (SELECT tenant, account FROM lti_person)
"""


def upgrade() -> None:
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role_source', sa.String(length=20), server_default='here', nullable=False))
    op.execute(FROM_LMS)


def downgrade() -> None:
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_column('role_source')
