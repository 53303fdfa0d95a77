"""several live an experience at a table.

A table is a row of its own. Acts outlive who did them there, without their words, so they no longer
go with an experience: whoever erases it says which go.
"""

import sqlalchemy as sa
from alembic import op

import engine.storage.types

revision = '20261130_1400'
down_revision = '20261130_0945'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('play_table',
    sa.Column('tenant', sa.String(length=60), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('course', sa.String(length=32), nullable=False),
    sa.Column('section', sa.String(length=60), nullable=False),
    sa.Column('pack', sa.String(length=60), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('module', sa.String(length=60), nullable=False),
    sa.Column('cohort', sa.String(length=32), nullable=True),
    sa.Column('pace', sa.String(length=10), nullable=False),
    sa.Column('opened_at', engine.storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('begun_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['pack', 'version'], ['pack_version.pack', 'pack_version.version'], name=op.f('fk__play_table__pack_version__pack_version')),
    sa.ForeignKeyConstraint(['tenant', 'course'], ['course.tenant', 'course.id'], name=op.f('fk__play_table__tenant_course__course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__play_table__tenant__tenant')),
    sa.PrimaryKeyConstraint('tenant', 'id', name=op.f('pk__play_table'))
    )
    with op.batch_alter_table('play_table', schema=None) as batch_op:
        batch_op.create_index('ix__play_table__due', ['due_at'], unique=False)
        batch_op.create_index('ix__play_table__tenant_course_section', ['tenant', 'course', 'section'], unique=False)

    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.add_column(sa.Column('bare', sa.JSON(none_as_null=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('fk__act__tenant_table_seat__enrolment'), type_='foreignkey')



def downgrade() -> None:
    with op.batch_alter_table('act', schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f('fk__act__tenant_table_seat__enrolment'), 'enrolment', ['tenant', 'table', 'seat'], ['tenant', 'table', 'seat'], ondelete='CASCADE')
        batch_op.drop_column('bare')

    with op.batch_alter_table('play_table', schema=None) as batch_op:
        batch_op.drop_index('ix__play_table__tenant_course_section')
        batch_op.drop_index('ix__play_table__due')

    op.drop_table('play_table')
