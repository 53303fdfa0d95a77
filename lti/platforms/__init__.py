"""Platforms as we know them: registrations, how they are made, keys of both sides, tokens,
health."""
