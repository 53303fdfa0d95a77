"""a claim to an issuer, and one name space an organisation.

Connections that were launched have claimed their issuer and client id, in the order in which they
were made.
"""

import sqlalchemy as sa
from alembic import op

import engine.storage.types

revision = '20261129_2203'
down_revision = '20261129_2132'
branch_labels = None
depends_on = None

CLAIM = """
UPDATE lti_registration SET claimed_at = created_at WHERE EXISTS (
    SELECT 1 FROM lti_health h WHERE h.tenant = lti_registration.tenant
    AND h.registration = lti_registration.id AND h.launched_at IS NOT NULL)
"""
TELL_APART = """
UPDATE lti_registration SET enabled = :off, client_id = substr(client_id, 1, 222) || ' ' || id WHERE EXISTS (
    SELECT 1 FROM lti_registration o WHERE o.issuer = lti_registration.issuer
    AND o.client_id = lti_registration.client_id AND o.tenant <> lti_registration.tenant
    AND (CASE WHEN o.claimed_at IS NULL THEN 1 ELSE 0 END, COALESCE(o.claimed_at, o.created_at), o.id)
      < (CASE WHEN lti_registration.claimed_at IS NULL THEN 1 ELSE 0 END,
         COALESCE(lti_registration.claimed_at, lti_registration.created_at), lti_registration.id))
"""


def upgrade() -> None:
    op.add_column('lti_registration', sa.Column('claimed_at', engine.storage.types.UtcDateTime(timezone=True), nullable=True))
    op.execute(CLAIM)
    op.drop_index('uq__lti_registration__issuer_client_id', table_name='lti_registration')
    op.create_index('ix__lti_registration__issuer_client_id', 'lti_registration', ['issuer', 'client_id'])
    op.create_index('uq__lti_registration__tenant_issuer_client_id', 'lti_registration',
                    ['tenant', 'issuer', 'client_id'], unique=True)


def downgrade() -> None:
    """The version before allows a client id of an issuer once. What another organisation had first is
    switched off and told apart by its id."""
    op.get_bind().execute(sa.text(TELL_APART), {'off': False})
    op.drop_index('uq__lti_registration__tenant_issuer_client_id', table_name='lti_registration')
    op.drop_index('ix__lti_registration__issuer_client_id', table_name='lti_registration')
    op.create_index('uq__lti_registration__issuer_client_id', 'lti_registration', ['issuer', 'client_id'], unique=True)
    op.drop_column('lti_registration', 'claimed_at')
