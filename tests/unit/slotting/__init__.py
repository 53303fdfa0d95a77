"""Slotting: what fits, what may stand where, and why."""
