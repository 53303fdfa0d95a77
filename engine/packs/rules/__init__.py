"""The rules for a pack, one file each: every file yields the faults of one aspect of a module or
manifest."""
