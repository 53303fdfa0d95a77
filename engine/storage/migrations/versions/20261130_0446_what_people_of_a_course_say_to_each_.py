"""what people of a course say to each other."""

import sqlalchemy as sa
from alembic import op

import engine.storage.types

revision = '20261130_0446'
down_revision = '20261130_0444'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('course_word',
    sa.Column('tenant', sa.String(length=60), nullable=False),
    sa.Column('course', sa.String(length=32), nullable=False),
    sa.Column('account', sa.String(length=32), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('written_at', engine.storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant', 'account'], ['account.tenant', 'account.id'], name=op.f('fk__course_word__tenant_account__account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant', 'course'], ['course.tenant', 'course.id'], name=op.f('fk__course_word__tenant_course__course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__course_word__tenant__tenant')),
    sa.PrimaryKeyConstraint('tenant', 'course', name=op.f('pk__course_word'))
    )
    with op.batch_alter_table('course_word', schema=None) as batch_op:
        batch_op.create_index('ix__course_word__account', ['tenant', 'account'], unique=False)

    op.create_table('shared',
    sa.Column('tenant', sa.String(length=60), nullable=False),
    sa.Column('enrolment', sa.String(length=32), nullable=False),
    sa.Column('prompt', sa.String(length=60), nullable=False),
    sa.Column('occurrence', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('learner', sa.String(length=32), nullable=False),
    sa.Column('course', sa.String(length=32), nullable=False),
    sa.Column('shared_at', engine.storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('hidden_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('why', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['tenant', 'course'], ['course.tenant', 'course.id'], name=op.f('fk__shared__tenant_course__course'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant', 'enrolment', 'prompt', 'occurrence'], ['answer.tenant', 'answer.enrolment', 'answer.prompt', 'answer.occurrence'], name=op.f('fk__shared__tenant_enrolment_prompt_occurrence__answer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__shared__tenant__tenant')),
    sa.PrimaryKeyConstraint('tenant', 'enrolment', 'prompt', 'occurrence', name=op.f('pk__shared'))
    )
    with op.batch_alter_table('shared', schema=None) as batch_op:
        batch_op.create_index('ix__shared__course', ['tenant', 'course', 'shared_at'], unique=False)
        batch_op.create_index('ix__shared__learner', ['tenant', 'learner'], unique=False)

    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('floor', sa.Integer(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_column('floor')

    with op.batch_alter_table('shared', schema=None) as batch_op:
        batch_op.drop_index('ix__shared__learner')
        batch_op.drop_index('ix__shared__course')

    op.drop_table('shared')
    with op.batch_alter_table('course_word', schema=None) as batch_op:
        batch_op.drop_index('ix__course_word__account')

    op.drop_table('course_word')
