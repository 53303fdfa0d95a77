"""Use cases of groups and accounts."""
