"""a roster gives counts; forget whom it alone named.

Until now everybody in a roster got an account. Whoever of them never came goes here, for all
connections at once, also those that are off. Nothing tells those who launched and only looked from
those who never did, unless they have a visit; they lose nothing: what they had is made again by
their next launch. Who runs a course stays, since what that brings (taking a plan along into a copy)
would be lost.
"""

import sqlalchemy as sa
from alembic import op

import engine.storage.types

revision = '20261129_2132'
down_revision = '20261129_2129'
branch_labels = None
depends_on = None

NEVER_CAME = """
CREATE TEMPORARY TABLE never_came AS
SELECT account.tenant, account.id FROM account
JOIN learner ON learner.tenant = account.tenant AND learner.id = account.id
WHERE account.role = 'learner' AND account.email IS NULL AND account.password_hash IS NULL
AND learner.contract_at IS NULL AND learner.stopped_at IS NULL
AND EXISTS (SELECT 1 FROM lti_person p WHERE p.tenant = account.tenant AND p.account = account.id)
AND NOT EXISTS (SELECT 1 FROM lti_visit v WHERE v.tenant = account.tenant AND v.account = account.id)
AND NOT EXISTS (SELECT 1 FROM address a WHERE a.tenant = account.tenant AND a.account = account.id)
AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.tenant = account.tenant AND e.learner = account.id)
AND NOT EXISTS (SELECT 1 FROM touch t WHERE t.tenant = account.tenant AND t.learner = account.id)
AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.tenant = account.tenant AND m.account = account.id
                AND m.role = 'facilitator')
"""
OF_THEM = (
    ('cohort_member', 'account'),
    ('membership', 'account'),
    ('lti_score', 'account'),
    ('lti_person', 'account'),
    ('learner', 'id'),
    ('account', 'id'),
)


def upgrade() -> None:
    op.add_column('lti_context', sa.Column('learners', sa.Integer(), nullable=True))
    op.add_column('lti_context', sa.Column('counted_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True))
    op.execute(NEVER_CAME)
    for table, column in OF_THEM:
        op.execute(f'DELETE FROM {table} WHERE (tenant, {column}) IN (SELECT tenant, id FROM never_came)')
    op.execute('DROP TABLE never_came')


def downgrade() -> None:
    op.drop_column('lti_context', 'counted_at')
    op.drop_column('lti_context', 'learners')
