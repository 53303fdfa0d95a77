"""A host course's outline, and its importers from YAML and CSV. Text in, an ``Outline`` or every
fault out."""
