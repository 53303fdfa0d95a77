"""Host courses: what files say, and how faults are told."""
