"""The platforms we know: registrations and how they are made, the keys of both sides, tokens,
health."""
