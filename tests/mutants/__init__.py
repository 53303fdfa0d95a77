"""Mutation testing: small changes to a file, each of which some test must notice."""
