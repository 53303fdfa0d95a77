"""answers know their words.

A patch of a pack replaces the words for those who began; an answer stays tied to the words that it
answered.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0500'
down_revision = '20261130_0453'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.String(length=40), nullable=True))
    op.execute(
        'UPDATE answer SET version = (SELECT enrolment.version FROM enrolment '
        'WHERE enrolment.tenant = answer.tenant AND enrolment.id = answer.enrolment)'
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.alter_column('version', existing_type=sa.String(length=40), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_column('version')
