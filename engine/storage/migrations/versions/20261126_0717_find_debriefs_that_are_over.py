"""find debriefs that are over by an index."""

import sqlalchemy as sa
from alembic import op

revision = '20261126_0717'
down_revision = '20261122_0605'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index('ix__enrolment__in_debrief', ['finished_at'], unique=False, sqlite_where=sa.text('finished_at IS NOT NULL AND closed_at IS NULL'), postgresql_where=sa.text('finished_at IS NOT NULL AND closed_at IS NULL'))



def downgrade() -> None:
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_index('ix__enrolment__in_debrief', sqlite_where=sa.text('finished_at IS NOT NULL AND closed_at IS NULL'), postgresql_where=sa.text('finished_at IS NOT NULL AND closed_at IS NULL'))

