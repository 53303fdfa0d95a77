"""How much of a course is kept."""

MAX_SECTIONS = 500
MAX_ROWS = 2_000
"""A longer table is no plan of a course, whatever its rows say."""
MAX_TITLE = 200
"""In characters. Ids and languages are limited by their own rules."""
