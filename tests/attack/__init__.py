"""Who tries what, and what holds: strangers, neighbours and slow machines against an installation
with two organisations. ``docs/security.md`` says what is promised and names these tests."""
