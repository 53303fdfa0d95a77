"""Rooms together: a real database, real pages, a real mail server."""
