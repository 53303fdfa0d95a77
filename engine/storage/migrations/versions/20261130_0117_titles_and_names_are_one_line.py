"""titles and names that older versions kept become one line, as all are that are stored now."""

import sqlalchemy as sa
from alembic import op

from engine.values.lines import one_line

revision = '20261130_0117'
down_revision = '20261130_0059'
branch_labels = None
depends_on = None

LINES = (
    ('tenant', ('id',), 'name'),
    ('account', ('tenant', 'id'), 'name'),
    ('course', ('tenant', 'id'), 'title'),
    ('cohort', ('tenant', 'id'), 'name'),
    ('lti_registration', ('tenant', 'id'), 'name'),
    ('lti_link', ('tenant', 'registration', 'deployment', 'link'), 'title'),
)


def upgrade() -> None:
    connection = op.get_bind()
    for table, key, line in LINES:
        its = sa.table(table, *map(sa.column, (*key, line)))
        rows = connection.execute(sa.select(its)).mappings()
        for row in [row for row in rows if one_line(row[line]) != row[line]]:
            this = sa.and_(*(its.c[name] == row[name] for name in key))
            connection.execute(its.update().where(this).values({line: one_line(row[line])}))


def downgrade() -> None:
    """The version before reads them as they are now."""
