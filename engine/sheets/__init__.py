"""Tables as people have them: bytes or pasted text in, the rows of each sheet out, or why not. What
the columns mean is for others to say."""
