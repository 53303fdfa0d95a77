"""What everything spoken with a platform stands on: guarded HTTP, addresses, names, refusals.
Knows no registration."""
