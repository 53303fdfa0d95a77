"""WHERE a module goes: fit of a module to a section, and the placement of all within the limits.
Pure."""
