"""what was a step of an experience becomes an act in the log of its table."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.storage.types import UtcDateTime

revision = '20261129_1920'
down_revision = '20261129_1915'
branch_labels = None
depends_on = None

AT_ONCE = 1000
STEP = sa.table('step', *map(sa.column, ('tenant', 'enrolment', 'number', 'act')), sa.column('at', UtcDateTime()))
ACT = sa.table('act', *map(sa.column, ('tenant', 'table', 'number', 'seat')), sa.column('said', sa.JSON()), sa.column('at', UtcDateTime()))
ENROLMENT = sa.table('enrolment', *map(sa.column, ('tenant', 'id', 'table', 'seat')))


def upgrade() -> None:
    # Columns are added bare, without a copy of the table: SQLite drops the old one then, and what refers to it goes with it.
    op.add_column('enrolment', sa.Column('table', sa.String(length=32), server_default=sa.text("''"), nullable=False))
    op.add_column('enrolment', sa.Column('seat', sa.Integer(), server_default='1', nullable=False))
    op.execute(ENROLMENT.update().values({'table': ENROLMENT.c.id}))
    op.create_index('uq__enrolment__tenant_table_seat', 'enrolment', ['tenant', 'table', 'seat'], unique=True)
    op.create_table(
        'act',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('table', sa.String(length=32), nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seat', sa.Integer(), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('at', UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant', 'table', 'seat'], ['enrolment.tenant', 'enrolment.table', 'enrolment.seat'],
                                name=op.f('fk__act__tenant_table_seat__enrolment'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__act__tenant__tenant')),
        sa.PrimaryKeyConstraint('tenant', 'table', 'number', name=op.f('pk__act')),
    )
    _carry(STEP.select(), ACT, lambda row: {
        'tenant': row.tenant, 'table': row.enrolment, 'number': row.number, 'seat': 1, 'said': {'choice': row.act}, 'at': row.at,
    })
    op.drop_table('step')


def downgrade() -> None:
    op.create_table(
        'step',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('enrolment', sa.String(length=32), nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('act', sa.String(length=200), nullable=False),
        sa.Column('at', UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant', 'enrolment'], ['enrolment.tenant', 'enrolment.id'],
                                name=op.f('fk__step__tenant_enrolment__enrolment'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__step__tenant__tenant')),
        sa.PrimaryKeyConstraint('tenant', 'enrolment', 'number', name=op.f('pk__step')),
    )
    theirs = sa.select(ACT, ENROLMENT.c.id).join_from(ACT, ENROLMENT, sa.and_(
        ENROLMENT.c.tenant == ACT.c.tenant, ENROLMENT.c.table == ACT.c.table, ENROLMENT.c.seat == ACT.c.seat,
    ))
    _carry(theirs, STEP, lambda row: {
        'tenant': row.tenant, 'enrolment': row.id, 'number': row.number, 'act': row.said['choice'], 'at': row.at,
    })
    op.drop_table('act')
    op.drop_index('uq__enrolment__tenant_table_seat', 'enrolment')
    op.drop_column('enrolment', 'seat')
    op.drop_column('enrolment', 'table')


def _carry(rows: Any, into: sa.TableClause, change: Callable[[Any], dict[str, Any]]) -> None:
    """Every row into another table, some at a time."""
    connection = op.get_bind()
    for some in connection.execute(rows).partitions(AT_ONCE):
        connection.execute(into.insert(), [change(row) for row in some])
