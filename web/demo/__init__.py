"""The demonstration: a clock that bends learning time, people who live in it, and the mailbox of
whoever is looking around."""
