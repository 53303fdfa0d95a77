"""What a pack must hold to, rule by rule: each file gives the faults of one side of a module or
manifest."""
