"""an audit log.

It can only grow: triggers refuse to change an entry, and to delete one that is not a year old by
the database's own clock. A later migration that rebuilds the table on SQLite has to make its
triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_0425'
down_revision = '20261130_0421'
branch_labels = None
depends_on = None

SQLITE = (
    """
    CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit log can only grow'); END
    """,
    """
    CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
    WHEN OLD.at >= datetime('now', '-365 days')
    BEGIN SELECT RAISE(ABORT, 'the audit log is kept for a year'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.at < now() - interval '365 days' THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'the audit log is kept for a year';
        END IF;
        RAISE EXCEPTION 'the audit log can only grow';
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_kept()
    """,
    """
    CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_kept()
    """,
)


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('tenant', sa.String(length=60), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('by', sa.String(length=32), nullable=True),
    sa.Column('about', sa.String(length=32), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['tenant'], ['tenant.id'], name=op.f('fk__audit_entry__tenant__tenant')),
    sa.PrimaryKeyConstraint('tenant', 'id', name=op.f('pk__audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix__audit_entry__about', ['tenant', 'about'], unique=False)
        batch_op.create_index('ix__audit_entry__at', ['tenant', 'at'], unique=False)
    for statement in POSTGRESQL if op.get_bind().dialect.name == 'postgresql' else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('audit_entry')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP FUNCTION audit_entry_is_kept()")
