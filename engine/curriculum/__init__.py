"""A host course's outline, and how whatever somebody has of a course is read into one: tables,
Markdown, YAML. Bytes in; a ``Reading`` out, which says how, and what was left out."""
