"""Migrations, oldest first; run by ``engine.storage.migrate``."""
