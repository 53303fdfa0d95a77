"""Unit tests of engine.people."""
