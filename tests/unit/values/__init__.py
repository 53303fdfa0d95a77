"""Unit tests of engine.values."""
