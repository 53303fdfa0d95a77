"""Use cases of those who run courses: outlines in, slotting, members, cohorts, progress."""
