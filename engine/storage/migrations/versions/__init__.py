"""One dated file a change of the tables."""
