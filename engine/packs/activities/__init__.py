"""What a learner does in an experience. One file an activity; each is a pydantic model that also
plays itself, purely."""
