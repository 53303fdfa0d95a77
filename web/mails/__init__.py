"""Mails in words, and the thread that hands over those a page asked for."""
