"""What Relecture exists for: slotting, spacing, debrief, packs. Knows neither the web nor any
LMS."""
