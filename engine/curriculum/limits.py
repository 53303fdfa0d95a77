"""How much of a course is kept."""

MAX_SECTIONS = 500
MAX_TITLE = 200
"""In characters. Ids and languages are limited by their own rules."""
