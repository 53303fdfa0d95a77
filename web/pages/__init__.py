"""Pages, one module a room of the house; each offers a blueprint named ``bp``."""
