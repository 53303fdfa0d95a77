"""One room at a time, mirroring the code."""
