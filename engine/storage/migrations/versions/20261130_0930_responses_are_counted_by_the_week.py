"""responses are counted by the week.

What came of a touch is a row in each course that it asked about, so that a desk counts by an index.
Those of before are counted by the weeks of UTC.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0930'
down_revision = '20261130_0503'
branch_labels = None
depends_on = None

WEEK = {
    'sqlite': "date(touch.closed_at, 'weekday 0', '-6 days')",
    'postgresql': "CAST(date_trunc('week', touch.closed_at AT TIME ZONE 'UTC') AS DATE)",
}


def upgrade() -> None:
    op.create_table(
        'response',
        sa.Column('tenant', sa.String(length=60), nullable=False),
        sa.Column('learner', sa.String(length=32), nullable=False),
        sa.Column('touch', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('course', sa.String(length=32), nullable=False),
        sa.Column('week', sa.Date(), nullable=False),
        sa.Column('answered', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['tenant', 'course'], ['course.tenant', 'course.id'], name=op.f('fk__response__tenant_course__course'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant', 'learner', 'touch'], ['touch.tenant', 'touch.learner', 'touch.number'], name=op.f('fk__response__tenant_learner_touch__touch'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__response__tenant__tenant')),
        sa.PrimaryKeyConstraint('tenant', 'learner', 'touch', 'course', name=op.f('pk__response')),
    )
    op.create_index('ix__response__week', 'response', ['tenant', 'course', 'week', 'answered'], unique=False)
    op.create_index('ix__enrolment__lived', 'enrolment', ['tenant', 'learner', 'course', 'pack', 'module', 'started_at', 'finished_at', 'closed_at', 'closed_as'], unique=False)
    op.execute(
        'INSERT INTO response (tenant, learner, touch, course, week, answered) '
        f"SELECT touch.tenant, touch.learner, touch.number, membership.course, {WEEK[op.get_bind().dialect.name]}, touch.state = 'answered' "
        'FROM touch JOIN membership ON membership.tenant = touch.tenant AND membership.account = touch.learner '
        "WHERE touch.state IN ('answered', 'missed') AND touch.closed_at IS NOT NULL AND membership.role = 'learner' AND EXISTS ("
        'SELECT 1 FROM touch_prompt JOIN enrolment ON enrolment.tenant = touch_prompt.tenant AND enrolment.id = touch_prompt.enrolment '
        'WHERE touch_prompt.tenant = touch.tenant AND touch_prompt.learner = touch.learner AND touch_prompt.touch = touch.number '
        'AND (enrolment.course = membership.course OR EXISTS ('
        'SELECT 1 FROM placement WHERE placement.tenant = membership.tenant AND placement.course = membership.course '
        'AND placement.pack = enrolment.pack AND placement.module = enrolment.module)))'
    )


def downgrade() -> None:
    op.drop_index('ix__enrolment__lived', table_name='enrolment')
    op.drop_index('ix__response__week', table_name='response')
    op.drop_table('response')
