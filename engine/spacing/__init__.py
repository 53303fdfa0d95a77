"""WHEN to ask, and what: limits, memory, pace, and the one function that decides the next touch.
Pure."""
