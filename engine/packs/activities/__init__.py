"""What a learner does in an experience: one file per activity, each a pydantic model with pure
functions that play it."""
