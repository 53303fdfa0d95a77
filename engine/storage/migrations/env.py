"""What Alembic runs: on the connection that ``engine.storage.migrate`` hands over, inside its
transaction."""

from alembic import context

from engine.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
