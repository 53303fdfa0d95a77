"""find mails that were refused.

A facilitator's desk says whose mail is refused: few deliveries are parked, and an index holds only
those.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0413'
down_revision = '20261130_0130'
branch_labels = None
depends_on = None

PARKED = sa.text("state = 'parked'")


def upgrade() -> None:
    op.create_index('ix__delivery__parked', 'delivery', ['tenant', 'learner'], unique=False, sqlite_where=PARKED, postgresql_where=PARKED)


def downgrade() -> None:
    op.drop_index('ix__delivery__parked', 'delivery', sqlite_where=PARKED, postgresql_where=PARKED)
