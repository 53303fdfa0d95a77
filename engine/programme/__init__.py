"""Use cases of groups: a course imported and slotted, its people, their progress as counts and states."""
