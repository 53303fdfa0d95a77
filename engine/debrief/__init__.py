"""HOW to ask: the wording of a prompt, the reveal, the path read back. Pure."""
