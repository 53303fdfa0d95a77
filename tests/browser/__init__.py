"""Tests that need a browser: whole roads, and what every page must hold to."""
