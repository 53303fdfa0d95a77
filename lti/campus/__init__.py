"""A small platform of our own for development and browser tests: one course, fictional members,
everything in memory."""
