"""Lists of people, read before anything is stored."""
