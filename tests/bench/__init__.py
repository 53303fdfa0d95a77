"""``make bench``: what things cost, one file a measure. Never part of a test: only that each bench
still runs is one."""
