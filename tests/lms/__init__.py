"""LMSs that somebody installed, driven from outside: not part of ``make test``. What they need
stands in ``docs/lms/README.md``."""
