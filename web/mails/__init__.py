"""Mails in words: a touch, an invitation, the links of an account; text and HTML."""
