"""A host course's outline, and its importers from YAML and CSV. Text in; an ``Outline`` out, or
every fault found."""
