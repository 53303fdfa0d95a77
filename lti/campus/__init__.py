"""A small platform of our own for development and browser tests, in the manner of several LMSs: one
course, fictional members, everything in memory."""
