"""HOW to ask: the wording of a prompt, the reveal, the learner's path as read back. Pure."""
