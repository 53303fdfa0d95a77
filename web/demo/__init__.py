"""The demonstration: a clock that speeds up learning time, people who live in it, and a mailbox for
its visitor."""
