"""WHERE a module goes: how well each module fits each section, and the placement of all modules
within the limits. Pure."""
