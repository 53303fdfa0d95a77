"""Use cases of those who run courses: importing outlines, slotting, members, cohorts, progress."""
