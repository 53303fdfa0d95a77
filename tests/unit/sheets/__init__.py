"""Tables of any program, read as they were written, or refused for what they are."""
